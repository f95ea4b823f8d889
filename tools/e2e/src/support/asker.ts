import { setTimeout as sleep } from 'node:timers/promises';

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: () => object;
  /** What is a right answer. */
  readonly status: number;
}

const TIMEOUT_MS = 10_000;

/** Asks the same over and over until it is stopped, and writes down every answer that was not right. */
export class Asker {
  readonly faults: string[] = [];
  answered = 0;
  #stopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly gateway: string,
    private readonly question: Question,
    private readonly everyMs: number,
  ) {}

  start(): this {
    this.#running = this.run();
    return this;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  private async run(): Promise<void> {
    while (!this.#stopped) {
      await this.ask();
      await sleep(this.everyMs);
    }
  }

  private async ask(): Promise<void> {
    const { method = 'GET', path, headers, body, status } = this.question;
    try {
      const answer = await fetch(`${this.gateway}${path}`, {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        body: body && JSON.stringify(body()),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await answer.text();
      if (answer.status === status) this.answered += 1;
      else this.faults.push(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      this.faults.push(
        `${method} ${path}: ${String(error)}${cause instanceof Error ? `: ${cause.message}` : ''}`,
      );
    }
  }
}
