export type HealthCheck = () => Promise<void> | void;

export interface Readiness {
  readonly status: 'ok' | 'unavailable';
  readonly checks: Record<string, { readonly status: 'ok' | 'failed' | 'warning'; readonly error?: string }>;
}

class TimedOut extends Error {}

function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** What must work for this service to be useful, by name. A check throws when it does not. */
export class HealthRegistry {
  readonly #checks = new Map<string, HealthCheck>();
  readonly #warnings = new Map<string, string>();
  #stopping = false;
  #running: Promise<Readiness> | undefined;

  constructor(private readonly timeoutMs: number) {}

  register(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  /** Shown in the readiness document without making the service unready. */
  warn(name: string, detail: string): void {
    this.#warnings.set(name, detail);
  }

  /** From now on not ready: load balancers stop sending. */
  stopping(): void {
    this.#stopping = true;
  }

  /** Many askers at once share one round of checks. */
  readiness(): Promise<Readiness> {
    return (this.#running ??= this.#check().finally(() => (this.#running = undefined)));
  }

  async #check(): Promise<Readiness> {
    const checks: Readiness['checks'] = {};
    for (const [name, error] of this.#warnings) checks[name] = { status: 'warning', error };
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await this.#run(check)] as const),
    );
    for (const [name, error] of results)
      checks[name] = error === undefined ? { status: 'ok' } : { status: 'failed', error };
    if (this.#stopping) checks['shutdown'] = { status: 'failed', error: 'stopping' };
    const failed = Object.values(checks).some((check) => check.status === 'failed');
    return { status: failed ? 'unavailable' : 'ok', checks };
  }

  async #run(check: HealthCheck): Promise<string | undefined> {
    try {
      await within(this.timeoutMs, Promise.resolve(check()));
      return undefined;
    } catch (error) {
      if (error instanceof TimedOut) return error.message;
      // Drivers put hosts and users into their messages; the readiness document is public.
      const { code, name } = error as { code?: unknown; name?: unknown };
      return typeof code === 'string' ? code : typeof name === 'string' ? name : 'failed';
    }
  }
}
