import { setInterval as every } from 'node:timers';
import { openPeer, type Peer } from '../testing/clients.spec-support';
import { DRIVE, STATE } from '../testing/table.spec-support';
import type { ApiUser } from '../testing/api.spec-support';

const DRIVE_MS = 20;
const TELEMETRY_MS = 200;
const RENEW_MS = 2_000;
/** A frame's number is its velocity: below what the robot may drive. */
const PER_FRAME = 1e-6;

export interface Calm {
  readonly frames: number;
  /** Milliseconds from the driver's socket to the robot's. */
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  /** Times that the gateway stopped the robot. */
  readonly stops: number;
  /** Slowest telemetry post and lock renewal, milliseconds. */
  readonly slowestPost: number;
  readonly slowestRenewal: number;
  readonly failures: readonly string[];
}

/** A robot, somebody who drives it at 50 Hz, and its telemetry: those who must feel nothing. */
export class Bystanders {
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #sentAt: number[] = [];
  #latencies: number[] = [];
  #stops = 0;
  #posts: number[] = [];
  #renewals: number[] = [];
  #failures: string[] = [];

  private constructor(
    private readonly url: string,
    private readonly robotId: string,
    private readonly key: string,
    private readonly user: ApiUser,
    private readonly robot: Peer,
    private readonly driver: Peer,
  ) {}

  static async start(url: string, robotId: string, key: string, user: ApiUser): Promise<Bystanders> {
    const robot = await openPeer(`${url}/ws/robot/control?robotId=${robotId}&key=${key}`);
    const token = user.headers.authorization.slice(7);
    const driver = await openPeer(`${url}/ws/drive/manual?robotId=${robotId}&token=${token}`);
    const all = new Bystanders(url, robotId, key, user, robot, driver);
    await all.renew();
    all.run();
    return all;
  }

  /** Forgets what was measured so far. */
  reset(): void {
    this.#latencies = [];
    this.#stops = 0;
    this.#posts = [];
    this.#renewals = [];
    this.#failures = [];
  }

  measured(): Calm {
    const sorted = [...this.#latencies].sort((a, b) => a - b);
    const at = (share: number) =>
      Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? NaN) * 10) / 10;
    return {
      frames: sorted.length,
      p50: at(0.5),
      p95: at(0.95),
      max: at(1),
      stops: this.#stops,
      slowestPost: Math.round(Math.max(0, ...this.#posts)),
      slowestRenewal: Math.round(Math.max(0, ...this.#renewals)),
      failures: this.#failures,
    };
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.driver.ws.terminate();
    this.robot.ws.terminate();
  }

  private run(): void {
    this.robot.ws.on('message', (data: Buffer) => {
      const { command, linear_velocity: v } = JSON.parse(data.toString()) as {
        command?: string;
        linear_velocity?: number;
      };
      this.robot.received.length = 0;
      if (command !== 'DRIVE_COMMAND' || v === undefined) return;
      const sentAt = this.#sentAt[Math.round(v / PER_FRAME)];
      if (v === 0) this.#stops += 1;
      else if (sentAt !== undefined) this.#latencies.push(performance.now() - sentAt);
    });
    for (const [who, peer] of [
      ['robot', this.robot],
      ['driver', this.driver],
    ] as const)
      peer.ws.on('close', (code) => this.#failures.push(`the ${who}’s socket was closed: ${code}`));
    this.#sentAt.push(0);
    this.#timers.push(
      every(() => {
        this.driver.send(DRIVE(this.#sentAt.length * PER_FRAME, 0));
        this.#sentAt.push(performance.now());
      }, DRIVE_MS),
      every(() => void this.post(), TELEMETRY_MS),
      every(() => void this.renew(), RENEW_MS),
    );
  }

  private post(): Promise<void> {
    return this.call(this.#posts, '/table/state', {
      headers: { 'x-robot-id': this.robotId, 'x-api-key': this.key, 'content-type': 'application/json' },
      body: JSON.stringify({ ...STATE, driveMode: 'MANUAL' }),
    });
  }

  private renew(): Promise<void> {
    return this.call(this.#renewals, `/drive/lock?robotId=${this.robotId}`, { headers: this.user.headers });
  }

  private async call(times: number[], path: string, init: RequestInit): Promise<void> {
    const from = performance.now();
    try {
      const response = await fetch(this.url + path, { method: 'POST', ...init });
      const text = await response.text();
      if (!text.includes('"success"')) this.#failures.push(`${path}: ${response.status} ${text}`);
      times.push(performance.now() - from);
    } catch (error) {
      this.#failures.push(`${path}: ${String((error as Error).cause ?? error)}`);
    }
  }
}
