import type http from 'node:http';
import type https from 'node:https';
import { sharedClock, type Clock } from './clock/clock';
import type { FaultChanges } from './faults/faults';
import type { Announcer, AnnounceTarget } from './link/announcer';
import { silent, type Log } from './link/log';
import { DEFAULT_MAP } from './map/default-map';
import type { RobotMap } from './map/robot-map';
import type { Capabilities } from './orders/step-work';
import type { LessonStep } from './teaching/lesson';

/** `old` speaks the source to the letter: no query at the default robot, no leases, no acks, no extra telemetry. */
export type Firmware = 'new' | 'old';

export interface TableRobotOptions {
  readonly robotId: string;
  /** `http://host:port` of robot-gateway (ws addresses are taken too); the control socket's is made of it. */
  readonly url: string;
  readonly apiKey?: string;
  /** It needs no `X-Robot-Id`. Default `table1`. */
  readonly defaultRobotId?: string;
  readonly firmware?: Firmware;
  /** A plain map, checked at the start. Default: the source's six nodes. */
  readonly map?: RobotMap;
  /** Default: the map's first node. */
  readonly home?: string;
  /** m/s (0.8), and rad/s for turning on the spot (π). */
  readonly speed?: number;
  readonly turnRate?: number;
  /** Most under manual drive: m/s (1.5), rad/s (2). */
  readonly maxLinear?: number;
  readonly maxAngular?: number;
  /** Motion and steps go so many times faster; the protocol's own times (telemetry, deadman, back-off) do not. */
  readonly timeScale?: number;
  readonly capabilities?: Partial<Capabilities>;
  readonly telemetryMs?: number;
  /** Milliseconds between states while it is taught (20), and what its operator does with it then (nothing). */
  readonly teachMs?: number;
  readonly lesson?: readonly LessonStep[];
  readonly deadmanMs?: number;
  readonly manualIdleMs?: number;
  readonly reconnectFirstMs?: number;
  readonly reconnectMaxMs?: number;
  readonly pingMs?: number;
  readonly requestTimeoutMs?: number;
  readonly registerMs?: number;
  /** The robot's own server; `false` for none (and no registration). Port 0 is any free one. */
  readonly server?: { readonly host?: string; readonly port?: number; readonly control?: boolean } | false;
  /** Off by default. */
  readonly announce?: AnnounceTarget;
  readonly faults?: FaultChanges;
  readonly seed?: number;
  /** Commands kept in the log; older ones fall out. */
  readonly logCapacity?: number;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Shared by the robots of a fleet. */
  readonly agent?: http.Agent | https.Agent;
  readonly announcer?: Announcer;
}

export const DEFAULTS = {
  apiKey: 'secret-robot-key',
  defaultRobotId: 'table1',
  firmware: 'new' as Firmware,
  map: DEFAULT_MAP,
  speed: 0.8,
  turnRate: Math.PI,
  maxLinear: 1.5,
  maxAngular: 2,
  timeScale: 1,
  telemetryMs: 1_000,
  teachMs: 20,
  lesson: [] as readonly LessonStep[],
  deadmanMs: 1_000,
  manualIdleMs: 30_000,
  reconnectFirstMs: 250,
  reconnectMaxMs: 5_000,
  pingMs: 5_000,
  requestTimeoutMs: 5_000,
  registerMs: 30_000,
  seed: 1,
  logCapacity: 10_000,
  clock: sharedClock,
  log: silent,
};

export const ALL_CAPABILITIES: Capabilities = {
  hasGrip: true,
  hasRotate: true,
  hasTelescope: true,
  hasHoist: true,
};

/** The gateway's address for posts. */
export function httpUrl(url: string): string {
  return url.replace(/^ws/, 'http').replace(/\/$/, '');
}

export interface Identity {
  readonly robotId: string;
  readonly apiKey: string;
  readonly defaultRobotId: string;
  readonly firmware: Firmware;
}

/** What every post carries. */
export function postHeaders({ robotId, apiKey, defaultRobotId }: Identity): Record<string, string> {
  return { 'x-api-key': apiKey, ...(robotId === defaultRobotId ? {} : { 'x-robot-id': robotId }) };
}

/** The control socket's address. The key goes in a header: addresses are written into logs. */
export function controlUrl(url: string, { robotId, defaultRobotId, firmware }: Identity): URL {
  const target = new URL(`${httpUrl(url).replace(/^http/, 'ws')}/ws/robot/control`);
  if (firmware === 'new' || robotId !== defaultRobotId) target.searchParams.set('robotId', robotId);
  if (firmware === 'new') target.searchParams.set('lease', 'announce');
  return target;
}
