import { Injectable } from '@nestjs/common';
import { InjectConfig, Logger, Metrics } from '@teleop/service-kit';
import type { Namespace } from 'socket.io';
import type { GatewayConfig } from '../config';
import { backlogBytes, cutOff, webSocketOf } from './engine-connection';

/** Drops clients that do not take what they are sent: what waits for one of them is bounded, and nobody waits for it. */
@Injectable()
export class SlowClients {
  readonly #rooms = new Map<Namespace, Set<string>>();
  readonly #dropped;

  constructor(
    @InjectConfig() private readonly config: GatewayConfig,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.#dropped = metrics.counter('gateway_slow_clients_dropped_total', 'Watchers that did not keep up', [
      'namespace',
    ]);
  }

  /** These rooms were written to. They are looked at once everybody has been, and once for all writes of a turn. */
  wroteTo(namespace: Namespace, rooms: readonly string[]): void {
    if (this.#rooms.size === 0) setImmediate(() => this.#look());
    let written = this.#rooms.get(namespace);
    if (written === undefined) this.#rooms.set(namespace, (written = new Set()));
    for (const room of rooms) written.add(room);
  }

  #look(): void {
    for (const [namespace, rooms] of this.#rooms) {
      for (const room of rooms) {
        for (const id of namespace.adapter.rooms.get(room) ?? []) this.#check(namespace, id);
      }
    }
    this.#rooms.clear();
  }

  #check(namespace: Namespace, id: string): void {
    const conn = namespace.sockets.get(id)?.conn;
    if (conn === undefined || backlogBytes(conn) <= this.config.SOCKET_MAX_BUFFER_BYTES) return;
    const ws = webSocketOf(conn);
    // Cut off already; it is only a moment until its `close`.
    if (ws !== undefined && ws.readyState !== ws.OPEN) return;
    this.#dropped.inc({ namespace: namespace.name });
    this.logger.debug({ namespace: namespace.name, sid: id }, 'a watcher did not keep up and is dropped');
    cutOff(conn);
  }
}
