import { drive } from './scenarios/drive';
import { gateway } from './scenarios/gateway';
import { idle } from './scenarios/idle';
import { leaderboard } from './scenarios/leaderboard';
import { queue, queueContended } from './scenarios/queue';
import type { Scenario } from './scenarios/scenario';
import { vision } from './scenarios/vision';
import { watchers } from './scenarios/watchers';

export const SCENARIOS: readonly Scenario[] = [
  queue,
  queueContended,
  watchers,
  drive,
  leaderboard,
  gateway,
  vision,
  idle,
];
