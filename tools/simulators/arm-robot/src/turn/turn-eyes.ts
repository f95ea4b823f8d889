import { EventEmitter } from 'node:events';
import type { ArmRobot } from '../arm-robot';
import type { Command } from '../arm/command';
import { silent, type Log } from '../link/log';
import type { Difficulty } from '../pictures/conditions';
import type { Scene } from '../pictures/scene';
import { Hand } from '../tray/hand';
import { seeded } from '../tray/random';
import { Tray, type Doll, type SideCounts } from '../tray/tray';
import { sendViews, type Judged, type VisionAddress } from './send-views';
import { takeFrames } from './take-frames';

export interface TurnEyesOptions {
  readonly robotId: string;
  readonly vision: VisionAddress;
  readonly scene: Scene;
  /** Dolls at the start, a row for each camera. */
  readonly dolls: readonly SideCounts[];
  readonly difficulty: Difficulty;
  /** Frames of START and of END, 1 to 5. */
  readonly frames: number;
  readonly seed: number;
  readonly log?: Log;
}

interface Turn {
  readonly start: readonly Doll[];
  token: string | undefined;
}

export interface TurnEyesEvents {
  judged: [judged: Judged, token: string];
}

/**
 * The tray under the arm and the cameras above it. START is what lies there when a driver is given the lease, END when
 * the lease ends; who drove is known from his `lock_request`. What was seen goes to vision-service, as a robot's server
 * does it.
 */
export class TurnEyes extends EventEmitter<TurnEyesEvents> {
  readonly tray: Tray;
  readonly #hand: Hand;
  readonly #stopped = new AbortController();
  readonly #log: Log;
  readonly #sending = new Set<Promise<void>>();
  readonly #random: () => number;
  #turn: Turn | undefined;

  constructor(
    robot: ArmRobot,
    private readonly options: TurnEyesOptions,
  ) {
    super();
    this.tray = Tray.with(options.dolls, options.seed);
    this.#hand = new Hand(this.tray);
    this.#log = options.log ?? silent;
    this.#random = seeded(options.seed);
    robot.on('command', (command) => this.heard(command, robot.brain.leases.current?.epoch ?? 0));
    robot.on('stepped', ({ joints, gripper }) => {
      if (this.#hand.follow(joints, gripper)) this.#log('doll', { held: this.tray.held?.id ?? null });
    });
  }

  /** Resolves when nothing is being sent any more; what was not taken by then is given up. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#sending);
  }

  private heard(command: Command, epoch: number): void {
    if (command.kind === 'lock_request') this.driverIs(command.token);
    if (command.kind !== 'lease' || command.lease.epoch < epoch) return;
    if (command.state === 'granted') this.#turn ??= this.begin();
    else this.end();
  }

  private driverIs(token: string): void {
    // Another driver's word before the end of the turn before him was heard of: that end was missed.
    if (this.#turn?.token !== undefined && this.#turn.token !== token) this.end();
    this.#turn ??= this.begin();
    this.#turn.token = token;
  }

  private begin(): Turn {
    return { start: this.tray.dolls, token: undefined };
  }

  private end(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    if (turn === undefined) return;
    this.#hand.letGo();
    const end = this.tray.dolls;
    this.tray.refill();
    if (turn.token === undefined) {
      this.#log('turn not reported', { why: 'its driver never said his token (lock_request)' });
      return;
    }
    const sending = this.report(turn.start, end, turn.token).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  private async report(start: readonly Doll[], end: readonly Doll[], token: string): Promise<void> {
    const { robotId, vision, scene, frames, difficulty, dolls } = this.options;
    const cameras = { scene, frames, difficulty, count: dolls.length, random: this.#random };
    const views = await takeFrames(start, end, cameras);
    const judged = await sendViews(
      { robotId, controlToken: token, views },
      vision,
      this.#stopped.signal,
      this.#log,
    );
    if (judged === undefined) return;
    const { status, success_count: moved, reward_points: points, evaluation_id: evaluation } = judged;
    this.#log('turn judged', { status, moved, points, evaluation });
    this.emit('judged', judged, token);
  }
}
