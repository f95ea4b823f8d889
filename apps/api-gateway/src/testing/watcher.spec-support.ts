import type { QueueUpdate } from '@teleop/contracts';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { TOKEN, USER } from './fake-queue.spec-support';

export interface ConnectFault {
  readonly code: string;
  readonly detail: string;
  readonly errors?: { path: string; message: string }[];
}

/** A browser's side of the namespace `/`, with everything that it heard, in order. */
export class Watcher {
  readonly heard: { event: string; body: unknown }[] = [];
  readonly socket: Socket;
  fault: ConnectFault | undefined;

  constructor(url: string, options: Partial<ManagerOptions & SocketOptions> = {}) {
    this.socket = io(url, {
      auth: { robotId: 'arm1', userId: USER, token: TOKEN },
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
  }

  get updates(): QueueUpdate[] {
    return this.heard.filter(({ event }) => event === 'queue_update').map(({ body }) => body as QueueUpdate);
  }

  get versions(): number[] {
    return this.updates.map(({ version }) => version);
  }

  get version(): number | undefined {
    return this.versions.at(-1);
  }

  get welcomed(): boolean {
    return this.heard.some(({ event }) => event === 'connection_success');
  }
}
