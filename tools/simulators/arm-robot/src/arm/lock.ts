export type LockAnswer = 'lock_granted' | 'busy';

/** Whose commands the arm has agreed to take, by the token of `lock_request`. */
export class Lock {
  #holder: string | undefined;

  /** Granted when nobody holds it, or when the asker already does (he may have lost the first answer). */
  request(token: string): LockAnswer {
    if (this.#holder !== undefined && this.#holder !== token) return 'busy';
    this.#holder = token;
    return 'lock_granted';
  }

  release(): void {
    this.#holder = undefined;
  }

  get held(): boolean {
    return this.#holder !== undefined;
  }
}
