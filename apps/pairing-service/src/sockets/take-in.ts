import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { WebSocket } from 'ws';
import type { PairingConfig } from '../config';
import { DeviceRegistry } from '../devices/device-registry';
import { Presence } from '../presence/presence';
import { ReceiveFrame } from '../sessions/receive-frame';
import { Sessions } from '../sessions/sessions';
import { Connection, type ConnectionOf } from './connection';
import { Connections } from './connections';

/** Makes a connection of an open socket, and undoes it when that is lost. */
@Injectable()
export class TakeIn {
  constructor(
    private readonly connections: Connections,
    private readonly sessions: Sessions,
    private readonly frames: ReceiveFrame,
    private readonly presence: Presence,
    private readonly devices: DeviceRegistry,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: PairingConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  newId(): string {
    return randomUUID();
  }

  socket(ws: WebSocket, is: ConnectionOf): Connection {
    const limits = { maxUnsentBytes: this.config.MAX_UNSENT_BYTES, closeGraceMs: this.config.CLOSE_GRACE_MS };
    const connection = new Connection(is, ws, limits, this.clock.monotonic());
    connection.onGone((cause) => this.gone(connection, cause));
    this.connections.add(connection)?.close('replaced');
    ws.on('message', (data: Buffer, binary: boolean) => this.frames.receive(connection, data, binary));
    // Of the client's own doing, as Python's and Dart's libraries send them; a pong only shows that its network works.
    ws.on('ping', () => (connection.heardAt = this.clock.monotonic()));
    ws.on('close', (code: number) => connection.lost(`closed with ${code}`));
    const { role, deviceId } = is;
    this.log.info({ role, deviceId, connectionId: is.id }, 'connected');
    return connection;
  }

  private gone(connection: Connection, cause: string): void {
    const { id, role, deviceId } = connection.is;
    this.connections.remove(connection);
    // First where it was, then what that means: whoever hears of the end finds the device away.
    const left = role === 'device' ? this.presence.deviceLeft(deviceId, id) : this.presence.appLeft(id);
    left.catch((error: unknown) =>
      this.log.warn({ err: error, deviceId }, 'a socket that is gone is still shown for a while'),
    );
    const { side } = connection;
    if (side !== undefined) this.sessions.lost(side, connection);
    if (role === 'device') void this.lastSeen(connection);
    this.log.info({ role, deviceId, connectionId: id, cause }, 'disconnected');
  }

  private async lastSeen({ is: { deviceId }, heardAt }: Connection): Promise<void> {
    try {
      await this.devices.seen(new Map([[deviceId, this.clock.monotonic() - heardAt]]));
    } catch (error) {
      this.log.warn({ err: error, deviceId }, 'last_seen of a device is not written');
    }
  }
}
