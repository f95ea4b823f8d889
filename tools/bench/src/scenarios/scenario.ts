import type { ScenarioResult } from '../report/result';
import type { World } from '../world/world';

export interface Effort {
  /** Short rounds and few: to see that it works, not to quote. */
  readonly quick: boolean;
  readonly progress: (line: string) => void;
}

export interface Scenario {
  readonly name: string;
  readonly needs: readonly string[];
  run(world: World, effort: Effort): Promise<ScenarioResult[]>;
}
