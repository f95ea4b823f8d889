import type { RecognitionConfig } from '../config';
import type { EngineInfo } from '../engine/engine';
import { CALIBRATED_THRESHOLD, calibrationOf, ConfidenceScale } from '../gallery/confidence';
import type { MatchRules } from './face-matcher';

type Config = Pick<RecognitionConfig, 'DEFAULT_SIMILARITY_THRESHOLD' | 'LIVENESS_MIN'>;

export interface MatchWish {
  /** Of the whole class: a stranger comes nearer to one of many. */
  readonly vectors: number;
  /** Confidence; null: the default of the installation. */
  readonly similarityThreshold: number | null;
  readonly requireLiveness: boolean;
}

/** The rules of one session: what was calibrated for the model, unless the session or the installation says otherwise. */
export function matchRules({ model }: EngineInfo, wish: MatchWish, config: Config): MatchRules {
  const calibration = calibrationOf(model.name);
  const scale = new ConfidenceScale(calibration, wish.vectors);
  const confidence =
    wish.similarityThreshold ?? (config.DEFAULT_SIMILARITY_THRESHOLD || CALIBRATED_THRESHOLD);
  return {
    threshold: scale.cosineOf(confidence),
    margin: calibration.margin,
    livenessMin: wish.requireLiveness ? config.LIVENESS_MIN : null,
    confidenceOf: (similarity) => scale.confidenceOf(similarity),
  };
}
