import { setTimeout as sleep } from 'node:timers/promises';
import { robotIdOf } from '../data/people';
import { operatorToken } from '../data/tokens';
import type { World } from './world';

/** Locks last 30 s; clients renew them at a third of it. */
const RENEW_MS = 10_000;

/** People who hold the manual-drive locks of one robot each and renew them until they stop. */
export class HandDrivers {
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;
  /** Renewals that were answered, and what was answered otherwise: on a busy machine one may be tried again. */
  renewed = 0;
  readonly refused: string[] = [];

  private constructor(
    private readonly origin: string,
    private readonly tokens: readonly string[],
  ) {
    this.#done = this.renew();
  }

  /** They stop with the world at the latest. */
  static async takeLocks(world: World, origin: string, count: number): Promise<HandDrivers> {
    const { JWT_SECRET: secret } = world.secrets;
    const tokens = Array.from({ length: count }, (_, number) => operatorToken(secret, number));
    for (const [number, token] of tokens.entries()) await lock(origin, number, token);
    const drivers = new HandDrivers(origin, tokens);
    world.atStop(() => drivers.stop());
    return drivers;
  }

  /** Where they drive, in the order of the robots; `origin` of HTTP. */
  sockets(origin: string): string[] {
    const base = `${origin.replace('http', 'ws')}/ws/drive/manual`;
    return this.tokens.map((token, number) => `${base}?robotId=${robotIdOf(number)}&token=${token}`);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  /** For the reader of a result. */
  inWords(): string {
    const [first] = this.refused;
    const renewed = `${this.renewed} locks renewed`;
    return first === undefined ? renewed : `${renewed}, ${this.refused.length} not: ${first}`;
  }

  /** Spread evenly over time. */
  private async renew(): Promise<void> {
    const { signal } = this.#stopping;
    for (let number = 0; !signal.aborted; number = (number + 1) % this.tokens.length) {
      await lock(this.origin, number, this.tokens[number] ?? '').then(
        () => (this.renewed += 1),
        (error: unknown) => this.refused.push(String(error)),
      );
      await sleep(RENEW_MS / this.tokens.length, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function lock(origin: string, number: number, token: string): Promise<void> {
  const response = await fetch(`${origin}/drive/lock?robotId=${robotIdOf(number)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  const answer = (await response.json()) as { status?: string };
  if (answer.status !== 'success')
    throw new Error(`no lock of ${robotIdOf(number)}: ${JSON.stringify(answer)}`);
}
