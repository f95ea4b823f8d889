import { validate, type RequestDeclaration, type ServiceName } from '@teleop/contracts';
import { headers, NoRespondersError, RequestError, TimeoutError, type Msg } from '@nats-io/transport-node';
import { RequestFailed, RequestRefused, RequestTimedOut, ServiceUnavailable } from './errors';
import type { NatsConnection } from './nats-connection';
import type { TraceCarrier } from './ports';
import { HEADERS } from './wire';

export type WireReply = { ok: object } | { refused: { code: string; detail: string } } | { failed: string };

/** Asks other services, with a deadline. Never call it inside a database transaction. */
export class Requests {
  constructor(
    private readonly nats: NatsConnection,
    private readonly trace: TraceCarrier,
  ) {}

  /**
   * Throws RequestRefused (a declared code), RequestTimedOut, ServiceUnavailable (nobody there, or NATS away) or
   * RequestFailed (the owner broke its contract).
   */
  async ask<A extends object, R extends object, C extends string>(
    request: RequestDeclaration<ServiceName, A, R, C>,
    ask: A,
    options: { timeoutMs?: number } = {},
  ): Promise<R> {
    const reply = decode(await this.send(request, ask, options.timeoutMs ?? request.timeoutMs));
    if ('refused' in reply) throw new RequestRefused(reply.refused.code as C, reply.refused.detail);
    if ('failed' in reply) throw new RequestFailed(`${request.name}: ${reply.failed}`);
    const checked = validate(request.reply, reply.ok);
    if (checked.ok) return checked.value;
    throw new RequestFailed(
      `${request.name}: reply does not hold its contract: ${JSON.stringify(checked.errors)}`,
    );
  }

  private async send(request: RequestDeclaration, ask: object, timeout: number): Promise<Msg> {
    // A request queued while disconnected would only be answered after its deadline.
    if (!this.nats.connected) throw new ServiceUnavailable(request.owner);
    const h = headers();
    const parent = this.trace.current();
    if (parent !== undefined) h.set(HEADERS.trace, parent);
    try {
      return await this.nats.nc.request(request.subject, JSON.stringify(ask), { timeout, headers: h });
    } catch (error) {
      if (error instanceof TimeoutError) throw new RequestTimedOut(request.owner, { cause: error });
      if (error instanceof NoRespondersError || error instanceof RequestError) {
        throw new ServiceUnavailable(request.owner, { cause: error });
      }
      throw new ServiceUnavailable(request.owner, { cause: error });
    }
  }
}

function decode(message: Msg): WireReply {
  try {
    return message.json<WireReply>();
  } catch (error) {
    throw new RequestFailed('the reply is not JSON', { cause: error });
  }
}
