import { Injectable } from '@nestjs/common';
import type { Connection } from './connection';

/** The sockets of this replica. */
@Injectable()
export class Connections {
  readonly #byId = new Map<string, Connection>();
  readonly #devices = new Map<string, Connection>();

  /** Answers the device's older socket on this replica, if any. */
  add(connection: Connection): Connection | undefined {
    const { id, role, deviceId } = connection.is;
    this.#byId.set(id, connection);
    if (role !== 'device') return undefined;
    const older = this.#devices.get(deviceId);
    this.#devices.set(deviceId, connection);
    return older;
  }

  remove(connection: Connection): void {
    const { id, role, deviceId } = connection.is;
    this.#byId.delete(id);
    if (role === 'device' && this.#devices.get(deviceId) === connection) this.#devices.delete(deviceId);
  }

  byId(id: string): Connection | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<Connection> {
    return this.#byId.values();
  }

  count(role: 'device' | 'app'): number {
    return role === 'device'
      ? this.#devices.size
      : [...this.#byId.values()].filter(({ is }) => is.role === 'app').length;
  }
}
