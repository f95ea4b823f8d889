import { validate, type RequestDeclaration, type ServiceName } from '@teleop/contracts';
import type { Msg, Subscription } from '@nats-io/transport-node';
import type { NatsConnection } from '../connection/nats-connection';
import { RequestRefused } from '../errors';
import type { MessagingLog, MessagingObserver, TraceCarrier } from '../ports';
import { HEADERS } from '../wire';
import type { WireReply } from './wire-reply';

export type AnswerHandler = (ask: object) => Promise<object>;

export interface AnswerDeps {
  readonly service: ServiceName;
  readonly nats: NatsConnection;
  readonly trace: TraceCarrier;
  readonly log: MessagingLog;
  readonly observer: MessagingObserver;
}

const INTERNAL: WireReply = { failed: 'internal error' };

/** Answers one request subject; replicas of a service share the load through a queue group. */
export class AnswerRunner {
  #subscription: Subscription | undefined;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(
    private readonly request: RequestDeclaration,
    private readonly handle: AnswerHandler,
    private readonly deps: AnswerDeps,
  ) {}

  start(): void {
    this.#subscription = this.deps.nats.nc.subscribe(this.request.subject, {
      queue: this.deps.service,
      callback: (error, message) => {
        if (error !== null) {
          this.deps.log.error({ err: error, request: this.request.name }, 'request subscription failed');
          return;
        }
        const work = this.answer(message).finally(() => this.#inFlight.delete(work));
        this.#inFlight.add(work);
      },
    });
  }

  /** Takes no further request, answers those that have come. */
  async stop(): Promise<void> {
    const subscription = this.#subscription;
    if (subscription !== undefined && !subscription.isClosed()) {
      // While NATS is away a drain would wait for it.
      if (this.deps.nats.connected)
        await this.deps.nats.whileUp(() => subscription.drain()).catch(() => undefined);
      else subscription.unsubscribe();
    }
    await Promise.all(this.#inFlight);
  }

  /** Never throws. */
  private async answer(message: Msg): Promise<void> {
    const started = performance.now();
    const parent = message.headers?.get(HEADERS.trace) || undefined;
    const reply = await this.deps.trace.run(parent, () => this.reply(message));
    const sent = this.respond(message, reply);
    const outcome = 'ok' in sent ? 'ok' : 'refused' in sent ? 'refused' : 'failed';
    this.deps.observer.answered(this.request.name, outcome, (performance.now() - started) / 1_000);
  }

  private async reply(message: Msg): Promise<WireReply> {
    const { request, deps } = this;
    try {
      const checked = validate(request.ask, message.json());
      if (!checked.ok) return { failed: `bad request: ${JSON.stringify(checked.errors)}` };
      return { ok: await this.handle(checked.value) };
    } catch (error) {
      if (error instanceof RequestRefused) {
        const { code, detail } = error as RequestRefused;
        if (request.errors.includes(code)) return { refused: { code, detail } };
      }
      deps.log.error({ err: error, request: request.name }, 'request failed');
      return INTERNAL;
    }
  }

  private respond(message: Msg, reply: WireReply): WireReply {
    try {
      message.respond(JSON.stringify(reply));
      return reply;
    } catch (error) {
      // More than NATS takes, or no JSON: our bug. Or the connection is closed, and nobody hears us anyhow.
      this.deps.log.error({ err: error, request: this.request.name }, 'the answer could not be sent');
    }
    if (!this.deps.nats.nc.isClosed()) message.respond(JSON.stringify(INTERNAL));
    return INTERNAL;
  }
}
