import { waitFor } from '@teleop/testing';
import { apiOf, type ApiUser } from './api.spec-support';
import { openPeer, type Peer } from './clients.spec-support';
import type { Gateway } from './gateway.spec-support';

export const KEY = 'secret-robot-key';

export const STATE = {
  systemHealth: 'OK',
  batteryLevel: 85,
  driveMode: 'IDLE',
  cargoStatus: 'EMPTY',
  currentPosition: 'Home',
  lastNode: 'Home',
  targetNode: 'Kitchen',
};

export interface TableOptions {
  readonly robotId?: string;
  readonly key?: string;
  readonly replica?: number;
}

type Frame = Record<string, unknown> & { lease?: { epoch: number; seq: number } };

/** One table robot and its people, as their own programs speak. */
export function tableOf(gateway: Gateway, { robotId, key = KEY, replica = 0 }: TableOptions = {}) {
  const api = apiOf(gateway);
  const query = robotId === undefined ? '' : `?robotId=${robotId}`;
  const wsOf = (at: number) => gateway.replicas[at]!.url;
  const tokenOf = (user: ApiUser) => user.headers.authorization.slice('Bearer '.length);
  return {
    api,
    robotId: robotId ?? 'table1',
    key,
    /** The control socket, as old firmware opens it unless the robot has a name. */
    control: async (at = replica): Promise<Peer> =>
      gateway.track(await openPeer(`${wsOf(at)}/ws/robot/control${query}`)),
    manual: async (user: ApiUser, at = replica): Promise<Peer> => {
      const name = robotId === undefined ? '' : `&robotId=${robotId}`;
      return gateway.track(await openPeer(`${wsOf(at)}/ws/drive/manual?token=${tokenOf(user)}${name}`));
    },
    events: async (user: ApiUser, at = replica): Promise<Peer> => {
      const name = robotId === undefined ? '' : `&robotId=${robotId}`;
      return gateway.track(await openPeer(`${wsOf(at)}/ws/robot/events?token=${tokenOf(user)}${name}`));
    },
    report: (state: object = {}, at = replica) =>
      api.asRobot('/table/state', { ...STATE, ...state }, { robotId, key }, at),
    status: async (at = replica) => (await api.get(`/status${query}`, undefined, at)).body,
    routes: async (user: ApiUser, at = replica) => (await api.get(`/routes${query}`, user, at)).body,
    addRoute: (user: ApiUser, start: string, destination: string, at = replica) =>
      api.post(`/routes${query}`, user, { start, destination }, at),
    lock: (user: ApiUser, at = replica) => api.post(`/drive/lock${query}`, user, undefined, at),
    unlock: (user: ApiUser, at = replica) => api.delete(`/drive/lock${query}`, user, at),
    select: (user: ApiUser, start: string, destination: string, at = replica) =>
      api.post(`/routes/select${query}`, user, { start, destination }, at),
  };
}

export type Table = ReturnType<typeof tableOf>;

/** The commands a robot got, without leases: what the original's robots look at. */
export function commandsOf(robot: Peer): object[] {
  return framesOf(robot).map(({ lease: _lease, id: _id, path: _path, ...command }) => command);
}

export function framesOf(robot: Peer): Frame[] {
  return (robot.frames() as Frame[]).filter(({ command }) => command !== undefined);
}

/** Waits until the robot has got so many commands, and returns them. */
export async function gotCommands(robot: Peer, count: number): Promise<object[]> {
  await waitFor(`${count} commands at the robot`, () => commandsOf(robot).length >= count);
  return commandsOf(robot);
}

/** All that was sent before has been handled: a frame that is answered has gone the same way behind it. */
export async function handled(robot: Peer, admin: Peer): Promise<void> {
  const mark = `mark-${Math.random()}`;
  admin.send({ command: 'SET_MODE', mode: mark });
  await robot.got(mark);
}

export const NAVIGATE = (start: string, destination: string) => ({ command: 'NAVIGATE', start, destination });
export const DRIVE = (linear: number, angular: number) => ({
  command: 'DRIVE_COMMAND',
  linear_velocity: linear,
  angular_velocity: angular,
});
