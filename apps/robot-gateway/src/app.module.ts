import { Module, type Type } from '@nestjs/common';
import {
  describeRobot,
  probeSession,
  robotStatuses,
  sessionActivated,
  sessionEnded,
  teachControl,
} from '@teleop/contracts';
import { ServiceKitModule, type Logger } from '@teleop/service-kit';
import { CleanupJob } from './cleanup/cleanup.job';
import { EndExpired } from './cleanup/end-expired';
import { ForgetOld } from './cleanup/forget-old';
import { GiveUpStale } from './cleanup/give-up-stale';
import { Commander } from './commands/commander';
import { CommandStore } from './commands/command-store';
import { KeptCommands } from './commands/kept-commands';
import { SentMoments } from './commands/sent-moments';
import { RobotAcks } from './commands/robot-acks';
import type { RobotsConfig } from './config';
import { DISCOVERY_CONTROLLERS, DISCOVERY_PROVIDERS } from './discovery/discovery.module';
import { EVENT_CONTROLLERS, EVENT_PROVIDERS } from './events/events.module';
import { SocketEvents } from './events/socket-events';
import { FLEET_CONTROLLERS, FLEET_PROVIDERS } from './fleet/fleet.module';
import { LeaseBook } from './lease/lease-book';
import { LeaseStore } from './lease/lease-store';
import { RobotSituations } from './lease/robot-situation';
import { DriveLockController } from './lock/drive-lock.controller';
import { DriveLocks } from './lock/drive-locks';
import { AdminOrders } from './manual/admin-orders';
import { DriveManualSocket } from './manual/drive-manual.socket';
import { ManualDrivers } from './manual/manual-drivers';
import { TakeRobot } from './manual/take-robot';
import { MAP, MAP_ANSWERS, MAP_CONTROLLERS } from './map/map.module';
import { SCHEMA } from './migrations/migrate-robots';
import { DriveSessionSocket } from './relay/drive-session.socket';
import { SeatKeeperJob } from './relay/seat-keeper.job';
import { LetDriverIn } from './relay/let-driver-in';
import { ProbeSessionAnswer } from './relay/probe-session.answer';
import { RelayMetrics } from './relay/relay-metrics';
import { Relays } from './relay/relays';
import { RobotControlSocket } from './relay/robot-control.socket';
import { RobotGone } from './relay/robot-gone';
import { SafetyLoop } from './relay/safety-loop';
import { NatsReplicaLink } from './replicas/nats-replica-link';
import { RobotHints } from './replicas/robot-hints';
import { AdvanceQueue } from './routes/advance-queue';
import { ChangeRoutes } from './routes/change-routes';
import { MapPaths } from './routes/map-paths';
import { OptimiseQueue } from './routes/optimise-queue';
import { QueueWakeUps } from './routes/queue-wake-ups';
import { RouteBook } from './routes/route-book';
import { RouteQueue } from './routes/route-queue';
import { RouteStore } from './routes/route-store';
import { RoutesController } from './routes/routes.controller';
import { SelectRoute } from './routes/select-route';
import { FleetMetrics } from './status/fleet-metrics';
import { RobotAnswers } from './status/robot.answers';
import { RobotEventsSocket } from './status/robot-events.socket';
import { RobotStatuses } from './status/robot-status';
import { StatusController } from './status/status.controller';
import { StatusFeed } from './status/status-feed';
import { LiveRobots } from './telemetry/live-robots';
import { StateWriterJob } from './telemetry/state-writer.job';
import { TableStateController } from './telemetry/table-state.controller';
import { TakeTelemetry } from './telemetry/take-telemetry';
import { TelemetryShare } from './telemetry/telemetry-share';
import { TASK_ANSWERS, TASK_CONTROLLERS, TASKS } from './tasks/tasks.module';
import { TeachControlConsumer } from './teaching/teach-control.consumer';
import { TeachStates } from './teaching/teach-states';
import { TRAFFIC, TRAFFIC_ANSWERS, TRAFFIC_CONTROLLERS } from './traffic/traffic.module';
import { CurrentTurns } from './turns/current-turn';
import { DatabaseClock } from './turns/database-clock';
import { ReportSilence } from './turns/report-silence';
import { ResolveTurn } from './turns/resolve-turn';
import { TurnBook } from './turns/turn-book';
import { TurnBroadcast } from './turns/turn-broadcast';
import { TurnEventsConsumer } from './turns/turn-events.consumer';
import { TurnKeeper } from './turns/turn-keeper';
import { TurnStore } from './turns/turn-store';

const LEASE = [LeaseStore, LeaseBook, RobotSituations];
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
  RobotGone,
];
const COMMANDS = [Commander, CommandStore, RobotAcks, SentMoments, KeptCommands];
const MANUAL = [DriveLocks, TakeRobot, AdminOrders, ManualDrivers, DriveManualSocket];
const TELEMETRY = [LiveRobots, TelemetryShare, StateWriterJob, TakeTelemetry];
const ROUTES = [
  RouteStore,
  RouteBook,
  MapPaths,
  AdvanceQueue,
  RouteQueue,
  QueueWakeUps,
  ChangeRoutes,
  OptimiseQueue,
  SelectRoute,
];
const STATUS = [FleetMetrics, RobotStatuses, StatusFeed, RobotAnswers, RobotEventsSocket];
const CLEANUP = [EndExpired, GiveUpStale, ForgetOld, CleanupJob];

/** The root module of one process, made for its config: tests run several in one process. */
export function robotGatewayModule(config: RobotsConfig, logger?: Logger): Type {
  @Module({
    imports: [
      ServiceKitModule.forRoot({
        name: 'robot-gateway',
        config,
        logger,
        database: { schema: SCHEMA, poolSize: config.DATABASE_POOL },
        redis: true,
        messaging: {
          consumes: [sessionActivated, sessionEnded, teachControl],
          answers: [
            probeSession,
            robotStatuses,
            describeRobot,
            ...MAP_ANSWERS,
            ...TRAFFIC_ANSWERS,
            ...TASK_ANSWERS,
          ],
        },
      }),
    ],
    controllers: [
      StatusController,
      TableStateController,
      DriveLockController,
      RoutesController,
      ...DISCOVERY_CONTROLLERS,
      ...EVENT_CONTROLLERS,
      ...MAP_CONTROLLERS,
      ...FLEET_CONTROLLERS,
      ...TRAFFIC_CONTROLLERS,
      ...TASK_CONTROLLERS,
    ],
    providers: [
      RobotHints,
      ...LEASE,
      ...TURNS,
      ...RELAY,
      ...FLEET_PROVIDERS,
      ...TELEMETRY,
      ...COMMANDS,
      ...MANUAL,
      ...ROUTES,
      ...STATUS,
      ...EVENT_PROVIDERS,
      SocketEvents,
      ...DISCOVERY_PROVIDERS,
      ...MAP,
      ...TRAFFIC,
      ...TASKS,
      TeachControlConsumer,
      TeachStates,
      ...CLEANUP,
    ],
  })
  class RobotGatewayModule {}
  return RobotGatewayModule;
}
