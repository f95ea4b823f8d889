import { validate, type RequestDeclaration, type ServiceName } from '@teleop/contracts';
import { headers, TimeoutError, type Msg } from '@nats-io/transport-node';
import type { NatsConnection } from '../connection/nats-connection';
import { RequestFailed, RequestRefused, RequestTimedOut, ServiceUnavailable } from '../errors';
import type { TraceCarrier } from '../ports';
import { HEADERS } from '../wire';
import { wireReply, type WireReply } from './wire-reply';

/** Asks other services, with a deadline. Never call it inside a database transaction. */
export class Requests {
  constructor(
    private readonly nats: NatsConnection,
    private readonly trace: TraceCarrier,
  ) {}

  /**
   * Throws RequestRefused (a declared code), RequestTimedOut, ServiceUnavailable (nobody there, or NATS away; when the
   * connection was lost on the way, whether the owner acted is unknown) or RequestFailed (the owner broke its contract).
   */
  async ask<A extends object, R extends object, C extends string>(
    request: RequestDeclaration<ServiceName, A, R, C>,
    ask: NoInfer<A>,
    options: { timeoutMs?: number } = {},
  ): Promise<R> {
    const reply = decode(request, await this.send(request, ask, options.timeoutMs ?? request.timeoutMs));
    if ('refused' in reply) {
      const { code, detail } = reply.refused;
      const declared = request.errors.find((known) => known === code);
      if (declared === undefined) throw new RequestFailed(`${request.name}: undeclared refusal ${code}`);
      throw new RequestRefused(declared, detail);
    }
    if ('failed' in reply) throw new RequestFailed(`${request.name}: ${reply.failed}`);
    const checked = validate(request.reply, reply.ok);
    if (checked.ok) return checked.value;
    throw new RequestFailed(
      `${request.name}: reply does not hold its contract: ${JSON.stringify(checked.errors)}`,
    );
  }

  private async send(request: RequestDeclaration, ask: object, timeout: number): Promise<Msg> {
    const h = headers();
    const parent = this.trace.current();
    if (parent !== undefined) h.set(HEADERS.trace, parent);
    try {
      // A request sent into a lost connection would only be given up at its deadline.
      return await this.nats.whileUp(() =>
        this.nats.nc.request(request.subject, JSON.stringify(ask), { timeout, headers: h }),
      );
    } catch (error) {
      if (error instanceof TimeoutError) throw new RequestTimedOut(request.owner, { cause: error });
      throw new ServiceUnavailable(request.owner, { cause: error });
    }
  }
}

function decode(request: RequestDeclaration, message: Msg): WireReply {
  let body: unknown;
  try {
    body = message.json();
  } catch (error) {
    throw new RequestFailed(`${request.name}: the reply is not JSON`, { cause: error });
  }
  const reply = wireReply(body);
  if (reply === undefined) throw new RequestFailed(`${request.name}: the reply is no answer of ours`);
  return reply;
}
