import type { Logger } from '../logging/logger';

type Step = () => Promise<void> | void;

/**
 * What must close its own long-lived connections (Socket.IO, proxied sockets) when the service stops: the HTTP server
 * waits for them, so they cannot wait for Nest's hooks, which run after it.
 */
export class Shutdown {
  readonly #steps: { readonly name: string; readonly run: Step }[] = [];
  #started = false;

  constructor(private readonly logger: Logger) {}

  get started(): boolean {
    return this.#started;
  }

  onStop(name: string, run: Step): void {
    this.#steps.push({ name, run });
  }

  async run(): Promise<void> {
    this.#started = true;
    await Promise.all(
      this.#steps.map(async ({ name, run }) => {
        try {
          await run();
        } catch (error) {
          // The other steps must still happen.
          this.logger.error({ step: name, err: error }, 'shutdown step failed');
        }
      }),
    );
  }
}
