import { JwtSigner } from '@teleop/auth';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { ConnectFault } from './watcher.spec-support';

export const JWT_SECRET = 'a secret of the tests';

/** A good JWT, for so many seconds. */
export function jwt(ttlSeconds = 600, role: 'Admin' | 'Operator' | 'Viewer' = 'Viewer'): string {
  const signer = new JwtSigner({ jwtSecret: JWT_SECRET, internalToken: '' });
  return signer.sign({ sub: '00000000-0000-4000-8000-000000000001', name: 'Ada', role }, ttlSeconds);
}

interface Update {
  readonly robotId: string;
  readonly version: number;
  readonly batteryLevel: number;
}

/** A browser's side of the namespace `/robots` (or `/teach`), with everything that it heard, in order. */
export class RobotWatcher {
  readonly heard: { event: string; body: unknown }[] = [];
  readonly socket: Socket;
  fault: ConnectFault | undefined;
  gone: string | undefined;

  constructor(
    url: string,
    options: Partial<ManagerOptions & SocketOptions> = {},
    namespace: '/robots' | '/teach' = '/robots',
  ) {
    this.socket = io(`${url}${namespace}`, {
      auth: { token: jwt() },
      transports: ['websocket'],
      reconnectionDelay: 50,
      reconnectionDelayMax: 100,
      forceNew: true,
      ...options,
    });
    this.socket.onAny((event: string, body: unknown) => this.heard.push({ event, body }));
    this.socket.on('connect_error', (error) => {
      this.fault = (error as Error & { data?: ConnectFault }).data;
    });
    this.socket.on('disconnect', (reason) => (this.gone = reason));
  }

  get updates(): Update[] {
    return this.heard.filter(({ event }) => event === 'status_update').map(({ body }) => body as Update);
  }

  versions(robotId: string): number[] {
    return this.updates.filter((update) => update.robotId === robotId).map(({ version }) => version);
  }

  /** The last version seen of each robot. */
  get seen(): Record<string, number> {
    return Object.fromEntries(this.updates.map(({ robotId, version }) => [robotId, version]));
  }

  ask(event: 'subscribe' | 'unsubscribe', body: unknown): Promise<Record<string, unknown>> {
    return this.socket.timeout(5_000).emitWithAck(event, body) as Promise<Record<string, unknown>>;
  }
}
