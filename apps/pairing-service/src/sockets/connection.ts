import type { Side } from '../sessions/side';
import type { Role } from '../sessions/role';
import { CLOSED, type CloseCause, type Wire } from './wire';

export interface ConnectionLimits {
  readonly maxUnsentBytes: number;
  readonly closeGraceMs: number;
}

export interface ConnectionOf {
  readonly id: string;
  readonly role: Role;
  /** The device it is, or whose token it was opened with. */
  readonly deviceId: string;
  /** Of the token that an app connected with. */
  readonly tokenHash: string | undefined;
  readonly address: string;
}

const TEXT = Object.freeze({ binary: false } as const);

/** One socket of a client. Once it is `gone` nothing more is sent or heard, though its close may still be under way. */
export class Connection {
  side: Side | undefined;
  /** It was in a session once: an end that comes late is no fault. */
  hadSession = false;
  refusedInARow = 0;
  /** Monotonic milliseconds of the last frame that was the client's own doing; a pong is not. */
  heardAt: number;
  gone = false;
  #onGone: (cause: string) => void = () => undefined;

  constructor(
    readonly is: ConnectionOf,
    private readonly wire: Wire,
    private readonly limits: ConnectionLimits,
    now: number,
  ) {
    this.heardAt = now;
  }

  /** Called once, as soon as the connection is of no more use. */
  onGone(listener: (cause: string) => void): void {
    this.#onGone = listener;
  }

  send(data: Buffer | string): void {
    if (this.gone) return;
    if (this.wire.bufferedAmount + data.length > this.limits.maxUnsentBytes) this.close('slow');
    else this.wire.send(data, TEXT);
  }

  close(cause: CloseCause): void {
    if (this.gone) return;
    const { code, reason } = CLOSED[cause];
    this.wire.close(code, reason);
    setTimeout(() => this.wire.terminate(), this.limits.closeGraceMs).unref();
    this.lost(cause);
  }

  /** The socket is closed, or as good as. */
  lost(cause: string): void {
    if (this.gone) return;
    this.gone = true;
    // Somebody may be waiting behind a pause for the socket's end.
    this.wire.resume();
    this.#onGone(cause);
  }

  pause(): void {
    if (!this.gone) this.wire.pause();
  }

  resume(): void {
    if (!this.gone) this.wire.resume();
  }
}
