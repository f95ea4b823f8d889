import { queue, queueContended } from './scenarios/queue';
import type { Scenario } from './scenarios/scenario';

export const SCENARIOS: readonly Scenario[] = [queue, queueContended];
