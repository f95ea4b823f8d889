import type { QueueUpdate } from '@teleop/contracts';
import type { TestUser } from '@teleop/testing';
import { io, type Socket } from 'socket.io-client';

/** A browser that looks at a robot's queue: Socket.IO with its own reconnects, nothing else. */
export class Watcher {
  readonly updates: QueueUpdate[] = [];
  readonly socket: Socket;
  /** Versions that came after a newer one of the same connection. */
  regressions = 0;

  constructor(gateway: string, user: TestUser, robotId: string) {
    this.socket = io(gateway, {
      auth: { robotId, token: user.hashCode, userId: user.userId },
      transports: ['websocket'],
      reconnectionDelay: 100,
      reconnectionDelayMax: 500,
      forceNew: true,
    });
    // A refused connect (queue-service is away) is not retried by socket.io itself.
    this.socket.on('connect_error', () => {
      if (!this.socket.active) setTimeout(() => this.socket.connect(), 200).unref();
    });
    this.socket.on('disconnect', (reason) => {
      if (reason === 'io server disconnect') setTimeout(() => this.socket.connect(), 200).unref();
    });
    this.socket.on('queue_update', (update: QueueUpdate) => {
      const last = this.updates.at(-1);
      if (last !== undefined && update.version < last.version) this.regressions += 1;
      this.updates.push(update);
    });
  }

  get last(): QueueUpdate | undefined {
    return this.updates.at(-1);
  }

  close(): void {
    this.socket.close();
  }
}
