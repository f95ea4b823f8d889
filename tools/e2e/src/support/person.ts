import { setTimeout as sleep } from 'node:timers/promises';
import type { TestUser } from '@teleop/testing';
import WebSocket from 'ws';
import { asUser, type ApiAnswer } from './api';

const FRAME = JSON.stringify({ type: 'joint_velocity', joints: [0.2, 0, 0, 0, 0, 0] });

/** What the system told this person; an operation without an answer may or may not have happened. */
export interface Journal {
  joins: number;
  leaves: number;
  points: number;
  uses: Set<string>;
  unknown: number;
  /** What came instead of those answers. */
  failures: string[];
  /** Answers that no person should ever get. */
  faults: string[];
}

/** A person who queues, drives a little and leaves, over and over, and writes down every answer. */
export class Person {
  readonly journal: Journal = {
    joins: 0,
    leaves: 0,
    points: 0,
    uses: new Set(),
    unknown: 0,
    failures: [],
    faults: [],
  };
  readonly #call: (path: string, body?: object) => Promise<ApiAnswer>;
  #stopped = false;

  constructor(
    private readonly gateway: string,
    readonly user: TestUser,
    private readonly robots: readonly string[],
    private readonly pauseMs: () => number,
  ) {
    this.#call = asUser(gateway, user);
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      const robotId = this.robots[Math.floor(Math.random() * this.robots.length)]!;
      const joined = await this.act('/queue/join', robotId);
      if (joined.status === 200 && joined.body.message !== 'Already in queue') this.journal.joins += 1;
      // Already in another queue after an unknown outcome: leave wherever it is.
      if (joined.body?.code === 'ALREADY_IN_OTHER_QUEUE')
        for (const other of this.robots) await this.leave(other);
      await this.waitAndDrive(robotId);
      await this.leave(robotId);
      await sleep(this.pauseMs());
    }
  }

  /** Leaves whatever queue the person may still be in. */
  async leaveAll(): Promise<void> {
    for (const robotId of this.robots) await this.leave(robotId);
  }

  private async waitAndDrive(robotId: string): Promise<void> {
    for (let patience = 0; patience < 3 && !this.#stopped; patience += 1) {
      const used = await this.act('/use_robot', robotId);
      if (used.status === 200) {
        const token = used.body.control_token as string;
        this.journal.uses.add(token);
        await this.drive(robotId, token);
        return;
      }
      await sleep(this.pauseMs());
    }
  }

  private async drive(robotId: string, token: string): Promise<void> {
    const url = `${this.gateway.replace(/^http/, 'ws')}/ws/drive/session?robotId=${robotId}&token=${token}`;
    const socket = new WebSocket(url, { handshakeTimeout: 3_000 });
    await new Promise<void>((resolve) => {
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
      socket.on('open', () => {
        let sent = 0;
        const timer = setInterval(() => {
          if (socket.readyState === WebSocket.OPEN) socket.send(FRAME);
          if ((sent += 1) < 5) return;
          clearInterval(timer);
          socket.close();
        }, 20);
      });
    });
  }

  private async leave(robotId: string): Promise<void> {
    const left = await this.act('/queue/leave', robotId);
    if (left.status !== 200) return;
    this.journal.leaves += 1;
    this.journal.points += left.body.reward_points as number;
  }

  private async act(path: string, robotId: string): Promise<ApiAnswer> {
    const answer = await this.#call(path, { robotId });
    if (answer.status === 0 || answer.status >= 500) {
      this.journal.unknown += 1;
      this.journal.failures.push(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      // While a part is away the front door says so; anything else is a fault.
      if (answer.status === 500) this.journal.faults.push(`${path}: ${JSON.stringify(answer.body)}`);
      await sleep(100);
    }
    if ([400, 401, 422].includes(answer.status))
      this.journal.faults.push(`${path}: ${JSON.stringify(answer.body)}`);
    return answer;
  }
}
