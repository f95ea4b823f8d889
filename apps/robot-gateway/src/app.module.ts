import { Module, type Type } from '@nestjs/common';
import { probeSession, sessionActivated, sessionEnded } from '@teleop/contracts';
import { ServiceKitModule, type Logger } from '@teleop/service-kit';
import type { RobotsConfig } from './config';
import { LeaseStore } from './lease/lease-store';
import { SCHEMA } from './migrations/migrate-robots';
import { DriveSessionSocket } from './relay/drive-session.socket';
import { SeatKeeperJob } from './relay/seat-keeper.job';
import { LetDriverIn } from './relay/let-driver-in';
import { ProbeSessionAnswer } from './relay/probe-session.answer';
import { RelayMetrics } from './relay/relay-metrics';
import { Relays } from './relay/relays';
import { RobotControlSocket } from './relay/robot-control.socket';
import { SafetyLoop } from './relay/safety-loop';
import { NatsReplicaLink } from './replicas/nats-replica-link';
import { CurrentTurns } from './turns/current-turn';
import { DatabaseClock } from './turns/database-clock';
import { ReportSilence } from './turns/report-silence';
import { ResolveTurn } from './turns/resolve-turn';
import { TurnBook } from './turns/turn-book';
import { TurnBroadcast } from './turns/turn-broadcast';
import { TurnEventsConsumer } from './turns/turn-events.consumer';
import { TurnKeeper } from './turns/turn-keeper';
import { TurnStore } from './turns/turn-store';

const LEASE = [LeaseStore];
const TURNS = [
  TurnBook,
  TurnStore,
  DatabaseClock,
  CurrentTurns,
  ResolveTurn,
  TurnKeeper,
  TurnEventsConsumer,
  TurnBroadcast,
  ReportSilence,
];
const RELAY = [
  NatsReplicaLink,
  Relays,
  RelayMetrics,
  LetDriverIn,
  RobotControlSocket,
  DriveSessionSocket,
  ProbeSessionAnswer,
  SafetyLoop,
  SeatKeeperJob,
];

/** The root module of one process, made for its config: tests run several in one process. */
export function robotGatewayModule(config: RobotsConfig, logger?: Logger): Type {
  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'robot-gateway',
        config,
        logger,
        database: { schema: SCHEMA, poolSize: config.DATABASE_POOL },
        messaging: { consumes: [sessionActivated, sessionEnded], answers: [probeSession] },
      }),
    ],
    providers: [...LEASE, ...TURNS, ...RELAY],
  })
  class RobotGatewayModule {}
  return RobotGatewayModule;
}
