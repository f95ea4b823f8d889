import { astar } from './scenarios/astar';
import { cameras } from './scenarios/cameras';
import { drive } from './scenarios/drive';
import { fleet } from './scenarios/fleet';
import { gateway } from './scenarios/gateway';
import { idle } from './scenarios/idle';
import { leaderboard } from './scenarios/leaderboard';
import { manualDrive } from './scenarios/manual-drive';
import { optimise } from './scenarios/optimise';
import { pairing, pairingEnvelope } from './scenarios/pairing';
import { publish } from './scenarios/publish';
import { queue, queueContended } from './scenarios/queue';
import { recognition } from './scenarios/recognition';
import type { Scenario } from './scenarios/scenario';
import { teachIngest, teachLive, teachPaging } from './scenarios/teach';
import { telemetry } from './scenarios/telemetry';
import { vision } from './scenarios/vision';
import { watchers } from './scenarios/watchers';

export const SCENARIOS: readonly Scenario[] = [
  queue,
  queueContended,
  watchers,
  drive,
  manualDrive,
  fleet,
  telemetry,
  pairingEnvelope,
  pairing,
  leaderboard,
  gateway,
  astar,
  optimise,
  vision,
  publish,
  teachIngest,
  teachLive,
  teachPaging,
  recognition,
  cameras,
  idle,
];
