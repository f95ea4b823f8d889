import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { ApiUser } from '../testing/api.spec-support';

const FRAME_MS = 50;

/**
 * A person who wants to drive a robot by hand: asks for the lock until he has it, drives for a while at a velocity that is
 * his alone, gives it back, and asks again. Connects again whenever his connection dies.
 */
export class HandDriver {
  frames = 0;
  turns = 0;
  #socket: WebSocket | undefined;
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly robotId: string,
    private readonly user: ApiUser,
    /** m/s, by which the robot's log tells who drove. */
    readonly velocity: number,
    private readonly driveMs: number,
  ) {}

  start(): void {
    this.#running = this.run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    this.#socket?.terminate();
  }

  private async run(): Promise<void> {
    while (!this.#stopped) {
      if (!(await this.lock('POST'))) {
        await sleep(100 + Math.random() * 200);
        continue;
      }
      this.turns += 1;
      const until = performance.now() + this.driveMs;
      while (performance.now() < until && !this.#stopped) {
        this.drive();
        await sleep(FRAME_MS);
      }
      await this.lock('DELETE');
      await sleep(50 + Math.random() * 200);
    }
  }

  private async lock(method: 'POST' | 'DELETE'): Promise<boolean> {
    try {
      const url = `${this.url}/drive/lock?robotId=${this.robotId}`;
      const response = await fetch(url, {
        method,
        headers: this.user.headers,
        signal: AbortSignal.timeout(3_000),
      });
      return ((await response.json()) as { status: string }).status === 'success';
    } catch {
      // The replica died under it: whether he has the lock he finds out by asking again.
      return false;
    }
  }

  private drive(): void {
    if (this.#socket === undefined || this.#socket.readyState > WebSocket.OPEN) {
      const token = this.user.headers.authorization.slice('Bearer '.length);
      const address = `${this.url.replace('http', 'ws')}/ws/drive/manual?token=${token}&robotId=${this.robotId}`;
      this.#socket = new WebSocket(address, { perMessageDeflate: false, handshakeTimeout: 2_000 });
      this.#socket.on('error', () => undefined);
    }
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.frames += 1;
    this.#socket.send(
      JSON.stringify({ command: 'DRIVE_COMMAND', linear_velocity: this.velocity, angular_velocity: 0.5 }),
    );
  }
}
