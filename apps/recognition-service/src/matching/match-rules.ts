import type { RecognitionConfig } from '../config';
import type { EngineInfo } from '../engine/engine';
import type { MatchRules } from './face-matcher';

const DEFAULT_THRESHOLD = 0.94;
const MARGIN = 0.01;

type Config = Pick<RecognitionConfig, 'DEFAULT_SIMILARITY_THRESHOLD' | 'LIVENESS_MIN'>;

/** The rules of one session: what was calibrated for the model, unless the session or the installation says otherwise. */
export function matchRules(
  _info: EngineInfo,
  wish: { readonly students: number; readonly similarityThreshold: number | null; readonly requireLiveness: boolean },
  config: Config,
): MatchRules {
  return {
    threshold: wish.similarityThreshold ?? (config.DEFAULT_SIMILARITY_THRESHOLD || DEFAULT_THRESHOLD),
    margin: MARGIN,
    livenessMin: wish.requireLiveness ? config.LIVENESS_MIN : null,
    confidenceOf: (similarity) => Math.min(1, Math.max(0, similarity)),
  };
}
