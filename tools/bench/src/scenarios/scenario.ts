import type { ScenarioResult } from '../report/result';
import type { Kept } from '../measure/rounds';
import type { World } from '../world/world';

export interface Effort {
  /** Short rounds and few: to see that it works, not to quote. */
  readonly quick: boolean;
  readonly progress: (line: string) => void;
  /** So many rounds in which the machine was as quiet as it gets. */
  rounds<T>(wanted: number, round: (number: number) => Promise<T>): Promise<Kept<T>>;
}

export interface Scenario {
  readonly name: string;
  readonly needs: readonly string[];
  run(world: World, effort: Effort): Promise<ScenarioResult[]>;
}
