import { validate, type RequestDeclaration, type ServiceName } from '@teleop/contracts';
import type { Msg, Subscription } from '@nats-io/transport-node';
import { RequestRefused } from './errors';
import type { NatsConnection } from './nats-connection';
import type { MessagingLog, MessagingObserver, TraceCarrier } from './ports';
import type { WireReply } from './requests';
import { HEADERS } from './wire';

export type AnswerHandler = (ask: object) => Promise<object>;

/** Answers one request subject; replicas of a service share the load through a queue group. */
export class AnswerRunner {
  #subscription: Subscription | undefined;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(
    private readonly service: ServiceName,
    private readonly request: RequestDeclaration,
    private readonly handle: AnswerHandler,
    private readonly nats: NatsConnection,
    private readonly trace: TraceCarrier,
    private readonly log: MessagingLog,
    private readonly observer: MessagingObserver,
  ) {}

  start(): void {
    this.#subscription = this.nats.nc.subscribe(this.request.subject, {
      queue: this.service,
      callback: (error, message) => {
        if (error !== null) {
          this.log.error({ err: error, request: this.request.name }, 'request subscription failed');
          return;
        }
        const work = this.answer(message).finally(() => this.#inFlight.delete(work));
        this.#inFlight.add(work);
      },
    });
  }

  async stop(): Promise<void> {
    await this.#subscription?.drain();
    await Promise.all(this.#inFlight);
  }

  private async answer(message: Msg): Promise<void> {
    const started = performance.now();
    const parent = message.headers?.get(HEADERS.trace) || undefined;
    const reply = await this.trace.run(parent, () => this.reply(message));
    message.respond(JSON.stringify(reply));
    const outcome = 'ok' in reply ? 'ok' : 'refused' in reply ? 'refused' : 'failed';
    this.observer.answered(this.request.name, outcome, (performance.now() - started) / 1_000);
  }

  private async reply(message: Msg): Promise<WireReply> {
    try {
      const checked = validate(this.request.ask, message.json());
      if (!checked.ok) return { failed: `bad request: ${JSON.stringify(checked.errors)}` };
      return { ok: await this.handle(checked.value) };
    } catch (error) {
      if (error instanceof RequestRefused && this.request.errors.includes(error.code)) {
        return { refused: { code: error.code, detail: error.detail } };
      }
      this.log.error({ err: error, request: this.request.name }, 'request failed');
      return { failed: 'internal error' };
    }
  }
}
