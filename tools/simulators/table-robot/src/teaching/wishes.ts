/** A state that carries what an operator wants: it is said again until the gateway has it safe. */
interface Wish {
  readonly frame: TeachFrame;
  saidAt: number;
}

/** What a robot that is taught says on its control socket. */
export interface TeachFrame {
  readonly type: 'teachState';
  readonly messageId: string;
  readonly producedAtUtc: string;
  readonly payload: object;
}

const AGAIN_MS = 1_000;

/** Wishes that the gateway has not acknowledged. */
export class Wishes {
  readonly #open = new Map<string, Wish>();

  get open(): number {
    return this.#open.size;
  }

  add(frame: TeachFrame, now: number): void {
    this.#open.set(frame.messageId, { frame, saidAt: now });
  }

  acknowledged(messageId: string): void {
    this.#open.delete(messageId);
  }

  /** Those that are to be said again now. */
  *due(now: number): Generator<TeachFrame> {
    for (const wish of this.#open.values()) {
      if (now - wish.saidAt < AGAIN_MS) continue;
      wish.saidAt = now;
      yield wish.frame;
    }
  }

  forget(): void {
    this.#open.clear();
  }
}
