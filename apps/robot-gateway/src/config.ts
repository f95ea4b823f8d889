import { commonSettings, loadConfig, loadConfigOrExit, setting, type ConfigOf } from '@teleop/service-kit';
import { mapSettings } from './map/map-settings';
import { taskSettings } from './tasks/task-settings';
import { trafficSettings } from './traffic/traffic-settings';

const settings = {
  ...commonSettings,
  ...mapSettings,
  ...trafficSettings,
  ...taskSettings,
  /** The robot meant when nobody says which: the one of the original, single-robot protocol. */
  DEFAULT_ROBOT_ID: setting.string({ default: 'table1', pattern: /^[A-Za-z0-9_-]{1,64}$/ }),
  /** `open`: any robot may connect, as in the original. Default: `required` in production, else `open`. */
  ROBOT_SOCKET_AUTH: setting.oneOf(['open', 'required'], { optional: true }),
  /** The default robot's key; every other robot has its own, made when it is registered. */
  ROBOT_API_KEY: setting.secret({ devDefault: 'secret-robot-key' }),
  /** Milliseconds without telemetry after which a robot counts as disconnected. */
  ROBOT_STALE_MS: setting.int({ default: 30_000, min: 100 }),
  /** Milliseconds between looks for expired locks, stale robots and what a replica that died left undone. */
  ROBOT_CLEANUP_MS: setting.int({ default: 5_000, min: 50 }),
  /** Milliseconds that the manual-drive lock lasts from each acquiring. */
  DRIVE_LOCK_MS: setting.int({ default: 30_000, min: 100 }),
  /** Milliseconds that an Admin who drives without the lock keeps others out after his last frame. */
  PREEMPTION_MS: setting.int({ default: 2_000, min: 100 }),
  /** Milliseconds that NAVIGATE and CANCEL wait for a robot whose socket is away before they are reported failed. */
  COMMAND_KEEP_MS: setting.int({ default: 10_000, min: 100 }),
  /** Milliseconds that a robot has to show that it took a command. */
  COMMAND_ACK_MS: setting.int({ default: 5_000, min: 100 }),
  /** Milliseconds that another replica has to put a command on the robot's socket. */
  COMMAND_SEND_MS: setting.int({ default: 500, min: 50 }),
  /** Milliseconds between attempts to put a kept command on a socket. */
  COMMAND_RETRY_MS: setting.int({ default: 250, min: 20 }),
  /** Milliseconds after which a route found half-sent is decided by the robot's telemetry. */
  DISPATCH_SETTLE_MS: setting.int({ default: 3_000, min: 100 }),
  /** Routes that may wait for one robot. */
  ROUTE_QUEUE_MAX: setting.int({ default: 500, min: 1 }),
  /** Milliseconds between tellings of one robot's telemetry to other replicas and to watchers. */
  STATUS_MIN_INTERVAL_MS: setting.int({ default: 100, min: 10 }),
  /** Milliseconds between writings of telemetry to PostgreSQL, all robots at once. */
  STATE_WRITE_MS: setting.int({ default: 5_000, min: 50 }),
  /** Bytes of one telemetry body. */
  ROBOT_BODY_BYTES: setting.int({ default: 256 * 1024, min: 1_024 }),
  /** Milliseconds that a robot's own HTTP server has to answer. */
  ROBOT_HTTP_TIMEOUT_MS: setting.int({ default: 3_000, min: 50 }),
  /** Bytes that are read of what a robot's own HTTP server answers. */
  ROBOT_HTTP_MAX_BYTES: setting.int({ default: 256 * 1024, min: 1_024 }),
  /** UDP port on which robots announce themselves; `off` listens nowhere, 0 takes a free port. */
  ROBOT_DISCOVERY_PORT: setting.string({
    default: '3001',
    pattern: /^(off|[0-5]?\d{1,4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
  }),
  /** Changes of robots' addresses a second that are taken from UDP announcements, of all robots together. */
  ROBOT_DISCOVERY_CHANGES_PER_S: setting.int({ default: 100, min: 1 }),
  /** Events a second of one robot; more are answered 429. */
  ROBOT_EVENTS_PER_S: setting.int({ default: 50, min: 1 }),
  /** Milliseconds between readings of all robots' rows, should a change not have been heard of. */
  FLEET_REFRESH_MS: setting.int({ default: 30_000, min: 50 }),
  /** Days that events and finished routes and commands are kept. */
  ROBOT_RETENTION_DAYS: setting.int({ default: 30, min: 1 }),
  /** Milliseconds between deletions of what is older. */
  ROBOT_RETENTION_SWEEP_MS: setting.int({ default: 600_000, min: 20 }),
  /** Velocities of manual drive when the robot's own limits do not say: m/s and rad/s, times 1000. */
  DRIVE_MAX_LINEAR_MM_S: setting.int({ default: 1_500, min: 1 }),
  DRIVE_MAX_ANGULAR_MRAD_S: setting.int({ default: 3_000, min: 1 }),
  /** Frames a second of one manual driver that are passed on, over all his sockets; more are dropped. */
  MANUAL_MAX_FRAMES_PER_S: setting.int({ default: 200, min: 1 }),
  /** Sockets of one manual driver for one robot; the oldest is closed beyond. */
  MANUAL_MAX_SOCKETS: setting.int({ default: 16, min: 1 }),
  /** Bytes a second of one robot's frames that go to a driver at another replica; more are dropped. */
  ROBOT_REMOTE_BYTES_PER_S: setting.int({ default: 4 * 1024 * 1024, min: 1_024 }),
  /** Sockets of old firmware and tools that hear one robot's commands beside its own; the oldest is closed beyond. */
  ROBOT_MAX_LISTENERS: setting.int({ default: 8, min: 0 }),
  /** Watchers of `/ws/robot/events` for whom more bytes wait than this are dropped. */
  EVENTS_MAX_BUFFER_BYTES: setting.int({ default: 1024 * 1024, min: 1_024 }),
  /** States of robots that are taught which may be on their way to JetStream at once; more are dropped. */
  TEACH_STATES_UNDER_WAY: setting.int({ default: 5_000, min: 1 }),
  /** Milliseconds without a drive frame after which the robot is stopped. */
  DRIVE_DEADMAN_MS: setting.int({ default: 1_000, min: 100 }),
  /** Milliseconds without a frame from a session's driver after which his turn should end. */
  DRIVER_INACTIVE_MS: setting.int({ default: 30_000, min: 100 }),
  /** Milliseconds between writings of when each driver was last heard: what survives this process. */
  DRIVER_SEEN_MS: setting.int({ default: 2_000, min: 50 }),
  /** Bytes that may wait for a slow robot; frames beyond are dropped, a late command is worse than none. */
  DRIVE_MAX_BUFFER_BYTES: setting.int({ default: 64 * 1024, min: 1_024 }),
  /** Bytes that may wait for a slow driver; what the robot says beyond is dropped. */
  DRIVER_MAX_BUFFER_BYTES: setting.int({ default: 1024 * 1024, min: 1_024 }),
  /** Bytes of one frame of a driver; a larger one closes his socket with 1009. */
  DRIVE_MAX_FRAME_BYTES: setting.int({ default: 64 * 1024, min: 128 }),
  ROBOT_MAX_FRAME_BYTES: setting.int({ default: 512 * 1024, min: 128 }),
  /** Frames a second that are passed on; more are dropped. */
  DRIVE_MAX_FRAMES_PER_S: setting.int({ default: 200, min: 1 }),
  ROBOT_MAX_FRAMES_PER_S: setting.int({ default: 1_000, min: 1 }),
  /** Dropped frames of one driver within a second after which his socket is closed with 1008. */
  DRIVE_FLOOD_FRAMES_PER_S: setting.int({ default: 5_000, min: 10 }),
  /** The same for a robot. */
  ROBOT_FLOOD_FRAMES_PER_S: setting.int({ default: 20_000, min: 10 }),
  /** Milliseconds the robot has to answer a `lock_request` before the gateway does. */
  LOCK_ANSWER_MS: setting.int({ default: 250, min: 10 }),
  /** Milliseconds between looks at deadlines, deadmen and heartbeats. */
  SAFETY_TICK_MS: setting.int({ default: 25, min: 5, max: 200 }),
  /** Milliseconds between heartbeats of a driver's seat to the replica that holds his robot. */
  SEAT_HEARTBEAT_MS: setting.int({ default: 250, min: 20 }),
  /** Milliseconds without one after which the seat counts as lost and the robot is stopped. */
  SEAT_LOST_MS: setting.int({ default: 800, min: 50 }),
  /** Milliseconds between announcements of a robot's socket to other replicas. */
  ROBOT_PRESENCE_MS: setting.int({ default: 2_000, min: 50 }),
  /** Milliseconds by which a frame from another replica may be later than the quickest before it is dropped. */
  FRAME_MAX_LATE_MS: setting.int({ default: 400, min: 10 }),
  /** Milliseconds between comparisons with what PostgreSQL says of the robots and drivers here. */
  TURN_RECONCILE_MS: setting.int({ default: 2_000, min: 50 }),
  /** Connections to PostgreSQL. */
  DATABASE_POOL: setting.int({ default: 8, min: 2, max: 200 }),
};

export type RobotsConfig = ConfigOf<typeof settings> & { readonly ROBOT_SOCKET_AUTH: 'open' | 'required' };

function completed(config: ConfigOf<typeof settings>): RobotsConfig {
  const auth = config.ROBOT_SOCKET_AUTH ?? (config.NODE_ENV === 'production' ? 'required' : 'open');
  return Object.freeze({ ...config, ROBOT_SOCKET_AUTH: auth });
}

/** Typed and frozen; throws with every mistake by name. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): RobotsConfig {
  return completed(loadConfig(settings, env));
}

/** For main.ts: the config, or a readable message and exit code 1. */
export function readConfigOrExit(): RobotsConfig {
  return completed(loadConfigOrExit(settings));
}
