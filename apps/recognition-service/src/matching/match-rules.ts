import type { RecognitionConfig } from '../config';
import type { EngineInfo } from '../engine/engine';
import { CALIBRATED_THRESHOLD, calibrationOf, ConfidenceScale } from '../gallery/confidence';
import type { MatchRules } from './face-matcher';

type Config = Pick<RecognitionConfig, 'DEFAULT_SIMILARITY_THRESHOLD' | 'LIVENESS_MIN'>;

/** The rules of one session: what was calibrated for the model, unless the session or the installation says otherwise. */
export function matchRules(
  info: EngineInfo,
  wish: {
    /** Of all students together: the more there are, the nearer a stranger comes to one of them. */
    readonly vectors: number;
    readonly similarityThreshold: number | null;
    readonly requireLiveness: boolean;
  },
  config: Config,
): MatchRules {
  const scale = new ConfidenceScale(calibrationOf(info.model.name), wish.vectors);
  const confidence =
    wish.similarityThreshold ?? (config.DEFAULT_SIMILARITY_THRESHOLD || CALIBRATED_THRESHOLD);
  return {
    threshold: scale.cosineOf(confidence),
    margin: scale.margin,
    livenessMin: wish.requireLiveness ? config.LIVENESS_MIN : null,
    confidenceOf: (similarity) => scale.confidenceOf(similarity),
  };
}
