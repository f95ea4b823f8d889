import { Injectable } from '@nestjs/common';
import { InjectConfig, Logger, Metrics } from '@teleop/service-kit';
import type { Namespace, Socket } from 'socket.io';
import type { GatewayConfig } from '../config';
import { addressReader } from '../edge/describe-caller';
import { RateLimits, type LimitName } from '../rate-limit/rate-limits';
import { ConnectRefused } from './connect-refused';

/** Who may join a namespace: counted by address, asked about at whoever knows, refused with a reason. */
@Injectable()
export class Admission {
  readonly #connects;
  readonly #addressOf;

  constructor(
    @InjectConfig() config: GatewayConfig,
    private readonly limits: RateLimits,
    metrics: Metrics,
    private readonly logger: Logger,
  ) {
    this.#addressOf = addressReader(config.TRUST_PROXY);
    this.#connects = metrics.counter('gateway_watchers_total', 'Watchers admitted and refused', [
      'namespace',
      'outcome',
    ]);
  }

  /** `admit` throws ConnectRefused; anything else it throws is a bug, told as SERVICE_UNAVAILABLE. */
  guard(namespace: Namespace, admit: (socket: Socket) => Promise<void>): void {
    namespace.use((socket, next) => {
      this.#admit(socket, admit).then(
        () => {
          this.#connects.inc({ namespace: namespace.name, outcome: 'admitted' });
          next();
        },
        (error: unknown) => {
          const refused = this.refusal(error);
          this.#connects.inc({ namespace: namespace.name, outcome: refused.data.code });
          next(refused);
        },
      );
    });
  }

  /** Counts what a client asks for over its socket. Throws ConnectRefused when it asks too much. */
  async take(limit: LimitName, socket: Socket): Promise<void> {
    const { headers } = socket.handshake;
    const wait = await this.limits.take(limit, this.#addressOf(headers, socket.conn.remoteAddress));
    if (wait > 0) throw new ConnectRefused('RATE_LIMITED', this.limits.refusal(limit, wait).detail);
  }

  /** What a client is told of an error. */
  refusal(error: unknown): ConnectRefused {
    if (error instanceof ConnectRefused) return error;
    this.logger.error({ err: error }, 'a watcher could not be served');
    return new ConnectRefused('SERVICE_UNAVAILABLE', 'something went wrong on our side', undefined, error);
  }

  async #admit(socket: Socket, admit: (socket: Socket) => Promise<void>): Promise<void> {
    await this.take('socket', socket);
    await admit(socket);
  }
}
