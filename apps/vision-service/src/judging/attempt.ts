import type { VisionStrategy } from '@teleop/contracts';
import type { ByCamera, Moved, PartialCounts } from './counts';
import type { Verdict } from './evaluate-compare';
import type { Usage } from './tally';
import type { Agreement } from './vote';

/** One of the three stages, as it ended. */
export interface Attempt {
  readonly strategy: VisionStrategy;
  readonly model: string;
  readonly views: ByCamera<PartialCounts>;
  readonly moved: ByCamera<Moved>;
  readonly verdict: Verdict;
  readonly agreement?: ByCamera<Agreement>;
  readonly elapsedMs: number;
  readonly usage: Usage;
  readonly errors: readonly string[];
  /** Cameras that lack counts because the model could not be reached. */
  readonly unavailable: readonly string[];
}
