import { RobotScope, validate } from '@teleop/contracts';
import type { Socket } from 'socket.io';
import { ConnectRefused } from './connect-refused';
import { ALL_ROBOTS, type Scope, type Watch } from './robot-scope';

export interface SubscriptionPorts {
  /** A watch of robots that were just read. Throws ConnectRefused. */
  readonly watch: (scope: Scope) => Promise<Watch>;
  readonly refusal: (error: unknown) => ConnectRefused;
  readonly joined: (scope: Scope) => void;
  readonly left: (scope: Scope) => void;
}

type Ack = (answer: object) => void;

/** Subscriptions of one client that may be waited for at once; it is told to wait itself beyond. */
const MAX_WAITING = 1_000;

/** What one client watches: what it connected with, and what it subscribed to and unsubscribed from since. */
export class RobotSubscriptions {
  readonly #held = new Map<Scope, Watch>();
  /** By scope, one after the other: an `unsubscribe` must not overtake the `subscribe` before it. */
  readonly #turns = new Map<Scope, Promise<void>>();
  #waiting = 0;

  constructor(
    private readonly socket: Socket,
    private readonly ports: SubscriptionPorts,
  ) {
    socket.on('subscribe', (...args: unknown[]) => this.#queue(args, (scope) => this.#subscribe(scope)));
    socket.on('unsubscribe', (...args: unknown[]) => this.#queue(args, (scope) => this.#unsubscribe(scope)));
    socket.once('disconnect', () => {
      for (const watch of this.#held.values()) watch.release();
      this.#held.clear();
    });
  }

  hold(scope: Scope, watch: Watch): void {
    this.#held.get(scope)?.release();
    this.#held.set(scope, watch);
    this.ports.joined(scope);
  }

  async #subscribe(scope: Scope): Promise<void> {
    const watch = await this.ports.watch(scope);
    // Gone while it was waited for.
    if (this.socket.connected) this.hold(scope, watch);
    else watch.release();
  }

  #unsubscribe(scope: Scope): void {
    const watch = this.#held.get(scope);
    if (watch === undefined) return;
    this.#held.delete(scope);
    this.ports.left(scope);
    watch.release();
  }

  #queue(args: readonly unknown[], work: (scope: Scope) => Promise<void> | void): void {
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (last as Ack) : undefined;
    const body = args[0] === last && ack !== undefined ? {} : args[0];
    this.#inTurn(body, work).then(
      () => ack?.({ ok: true }),
      (error: unknown) => ack?.({ ok: false, ...this.ports.refusal(error).data }),
    );
  }

  async #inTurn(body: unknown, work: (scope: Scope) => Promise<void> | void): Promise<void> {
    const scope = scopeOf(body);
    if (this.#waiting >= MAX_WAITING)
      throw new ConnectRefused('RATE_LIMITED', 'Too many subscriptions are waited for; try again');
    this.#waiting += 1;
    const done = (this.#turns.get(scope) ?? Promise.resolve()).then(() => work(scope));
    // The next in line does not care how this one went.
    const turn = done.catch(() => undefined);
    this.#turns.set(scope, turn);
    try {
      await done;
    } finally {
      this.#waiting -= 1;
      if (this.#turns.get(scope) === turn) this.#turns.delete(scope);
    }
  }
}

function scopeOf(body: unknown): Scope {
  const checked = validate(RobotScope, body ?? {});
  if (checked.ok) return checked.value.robotId ?? ALL_ROBOTS;
  const [first] = checked.errors;
  throw new ConnectRefused('VALIDATION_FAILED', `${first?.path}: ${first?.message}`, checked.errors);
}
