import { planRoute } from '../map/plan';
import type { RoadMap } from '../map/robot-map';
import { HandDrive, type StopCause } from '../motion/hand-drive';
import { RouteDrive, type Leg } from '../motion/route-drive';
import { Table } from '../motion/table';
import { proceed, type Activity } from './activity';
import type { BrainOutput } from './brain-ports';
import { parseFrame, type Command, type Frame, type Lease } from './command';
import { CommandLog, entryOf } from './command-log';
import { LeaseGate } from './lease-gate';
import { OrderMemory, type OrderRecord, type OrderStatus } from './order-memory';
import { workOf, type Capabilities } from './step-work';
import type { LessonStep } from '../teaching/lesson';
import { Teaching } from '../teaching/teaching';

export type DriveMode = 'IDLE' | 'NAVIGATING' | 'MANUAL' | 'TASK' | 'TEACH';

export interface BrainOptions {
  readonly map: RoadMap;
  /** The node it stands at when it is switched on for the first time. */
  readonly home: string;
  /** m/s, and rad/s when it turns on the spot. */
  readonly speed: number;
  readonly turnRate: number;
  /** What it does at most under manual drive: m/s, rad/s. */
  readonly maxLinear: number;
  readonly maxAngular: number;
  /** Under manual drive it stops after so long without a DRIVE_COMMAND, and is IDLE after so much longer. */
  readonly deadmanMs: number;
  readonly manualIdleMs: number;
  readonly capabilities: Capabilities;
  readonly logCapacity: number;
  readonly teachMs: number;
  readonly lesson: readonly LessonStep[];
  readonly date: () => Date;
}

type Of<C extends Command['command']> = Extract<Command, { command: C }>;

const LOOK_AROUND_MS = 200;
const ACKNOWLEDGED: ReadonlySet<string> = new Set(['NAVIGATE', 'CANCEL', 'EXECUTE_STEP', 'TEACH']);

/** How the robot obeys: frames in, motion and answers out. Knows nothing of sockets and is told what time it is. */
export class Brain {
  readonly table: Table;
  readonly hand: HandDrive;
  readonly gate = new LeaseGate();
  readonly log: CommandLog;
  readonly orders = new OrderMemory();
  readonly teaching: Teaching;
  #mode: DriveMode = 'IDLE';
  #activity: Activity | null = null;
  #lookedAt = 0;

  constructor(
    private readonly options: BrainOptions,
    private readonly out: BrainOutput,
  ) {
    this.table = new Table(options.map, options.home);
    this.hand = new HandDrive(options.deadmanMs);
    this.log = new CommandLog(options.logCapacity);
    this.teaching = new Teaching(options, this.table, (frame) => out.taught(frame));
  }

  get mode(): DriveMode {
    return this.#mode;
  }

  get moving(): boolean {
    return this.hand.moving || this.#activity?.work.kind === 'drive';
  }

  /** How much of the route or move under way is driven, 0 to 1; undefined when it drives none. */
  get driven(): number | undefined {
    const work = this.#activity?.work;
    return work?.kind === 'drive' ? work.route.share : undefined;
  }

  receive(text: string, now: number): Frame {
    const frame = parseFrame(text);
    switch (frame.kind) {
      case 'bad':
        this.log.bad();
        if (frame.id !== undefined) this.refuse(frame.id, frame.reason);
        break;
      case 'lease':
        this.leaseChanged(frame.lease, frame.state, now);
        break;
      case 'teachAck':
        this.teaching.acknowledged(frame.messageId);
        break;
      case 'command':
        this.command(frame.command, frame.lease, now);
        break;
    }
    return frame;
  }

  /** Lets `seconds` of the robot's world pass; `now` is the clock that deadlines and the deadman go by. */
  tick(now: number, seconds: number): void {
    const free = !this.hand.moving && this.#activity === null;
    this.teaching.tick(now, seconds, free, () => this.out.changed());
    if (this.hand.moving) return this.roll(now, seconds);
    if (this.#activity !== null) return this.work(this.#activity, now, seconds);
    this.table.rest(seconds);
    if (this.#mode === 'MANUAL' && now - this.hand.commandedAt > this.options.manualIdleMs)
      this.become('IDLE');
  }

  /** The control socket is gone: nobody can stop what moves by hand. Routes and steps go on. */
  linkLost(now: number): void {
    this.stopByHand('disconnected', now);
  }

  /** Power is gone in the middle of whatever it did. What ran is known to have failed when it comes back. */
  powerLost(now: number): void {
    this.stopByHand('power', now);
    this.abandon('FAILED', 'POWER_LOSS');
    this.teaching.end();
    this.#mode = 'IDLE';
  }

  private command(command: Command, lease: Lease | undefined, now: number): void {
    const hand = command.command === 'DRIVE_COMMAND' && (command.linear !== 0 || command.angular !== 0);
    const known = this.orders.get(command.id);
    const judged = this.gate.judge(lease, hand);
    const verdict = judged === 'obeyed' && known !== undefined ? 'repeated' : judged;
    const refused = verdict === 'obeyed' ? this.obey(command, lease, now) : undefined;
    this.log.add(entryOf(command, lease, now, verdict, refused));
    if (command.id === undefined || verdict === 'stale_epoch') return;
    if (verdict === 'obeyed') this.orders.decided(command.id, refused);
    const refusal = this.orders.refusal(command.id);
    if (refusal !== undefined) this.refuse(command.id, refusal);
    else if (ACKNOWLEDGED.has(command.command) && (verdict === 'obeyed' || known !== undefined))
      this.out.ack({ type: 'ack', id: command.id, accepted: true });
    // Asked again, it may be because the answer was lost: the result is told again as well.
    if (verdict === 'repeated' && known !== undefined) this.tellResult(known);
  }

  /** Undefined when it is carried out, else why not. */
  private obey(command: Command, lease: Lease | undefined, now: number): string | undefined {
    switch (command.command) {
      case 'NAVIGATE':
        return this.navigate(command, now);
      case 'EXECUTE_STEP':
        return this.executeStep(command, now);
      case 'CANCEL':
        return this.cancel(command, now);
      case 'SET_MODE':
        return this.setMode(command.mode, now);
      case 'DRIVE_COMMAND':
        this.driveByHand(command, lease?.epoch ?? null, now);
        return undefined;
      case 'TEACH':
        return this.beTaught(command);
    }
  }

  private navigate({ id, start, destination, path }: Of<'NAVIGATE'>, now: number): string | undefined {
    const { map, speed } = this.options;
    const plan = planRoute(map, this.table.whereabouts, { start, destination, path }, speed);
    if (!plan.ok) {
      this.out.event({ priority: 'WARN', message: `NAVIGATE ${start} → ${destination}: ${plan.reason}` });
      return plan.reason;
    }
    this.stopByHand('order', now);
    this.abandon('CANCELED', 'REPLACED');
    const record = id === undefined ? undefined : this.orders.begin({ id, status: 'RUNNING' });
    const work = { kind: 'drive', route: this.route(plan.legs) } as const;
    this.begin({ mode: 'NAVIGATING', record, work, deadline: Infinity }, destination);
    return undefined;
  }

  private executeStep(command: Of<'EXECUTE_STEP'>, now: number): string | undefined {
    if (this.#activity !== null || this.#mode === 'MANUAL') return `BUSY ${this.#mode}`;
    const { map, speed, capabilities } = this.options;
    const work = workOf(command.step, command.path, { map, table: this.table, speed, capabilities });
    if (!work.ok) return work.reason;
    const { id, taskId, stepId, timeoutSeconds } = command;
    this.begin(
      {
        mode: 'TASK',
        record: this.orders.begin({ id, status: 'RUNNING', step: { taskId, stepId } }),
        work:
          work.kind === 'drive'
            ? { kind: 'drive', route: this.route(work.legs) }
            : { kind: 'act', secondsLeft: work.seconds, effect: work.effect },
        deadline: timeoutSeconds === undefined ? Infinity : now + timeoutSeconds * 1_000,
      },
      work.kind === 'drive' ? work.target : null,
    );
    return undefined;
  }

  private cancel({ id, taskId }: Of<'CANCEL'>, now: number): undefined {
    if (id !== undefined) this.orders.remember(id);
    const running = this.#activity?.record?.step?.taskId;
    // Said of a task that is not the one it is at: that one is over already.
    if (taskId !== undefined && taskId !== running) return;
    this.stopByHand('order', now);
    this.abandon('CANCELED', 'CANCELED');
    this.become('IDLE');
  }

  private setMode(mode: string, now: number): string | undefined {
    if (mode !== 'MANUAL' && mode !== 'IDLE') {
      this.out.event({ priority: 'WARN', message: `SET_MODE ${mode}: unknown mode` });
      return 'UNKNOWN_MODE';
    }
    if (mode === 'IDLE') this.stopByHand('mode', now);
    this.abandon('CANCELED', `SET_MODE ${mode}`);
    this.hand.touch(now);
    this.become(mode);
    return undefined;
  }

  private beTaught({ id, type, sessionId }: Of<'TEACH'>): string | undefined {
    const { teaching } = this;
    if (type === 'teachStop') {
      this.orders.remember(id);
      // Said of a session that is not this one: that one is over already.
      if (sessionId !== null && sessionId !== teaching.sessionId) return undefined;
      teaching.end();
      if (this.#mode === 'TEACH') this.become('IDLE');
      return undefined;
    }
    if (this.#activity !== null) return `BUSY ${this.#mode}`;
    this.orders.remember(id);
    teaching.begin(sessionId ?? '');
    if (this.#mode === 'IDLE') this.become('TEACH');
    return undefined;
  }

  private driveByHand({ linear, angular }: Of<'DRIVE_COMMAND'>, epoch: number | null, now: number): void {
    const { maxLinear, maxAngular } = this.options;
    if (linear === 0 && angular === 0) {
      // A stop says nothing of routes: the gateway sends one whenever a driver goes.
      this.hand.drive(0, 0, epoch, now);
      if (this.table.lookAround()) this.out.changed();
      return;
    }
    this.abandon('CANCELED', 'MANUAL_DRIVE');
    this.hand.drive(clamp(linear, maxLinear), clamp(angular, maxAngular), epoch, now);
    this.become('MANUAL');
  }

  private leaseChanged(lease: Lease, state: 'granted' | 'ended', now: number): void {
    if (!this.gate.announced(lease, state, now)) return;
    const overtaken = this.hand.epoch === null || lease.epoch > this.hand.epoch;
    if (state === 'ended') {
      this.stopByHand('lease', now);
      if (this.#mode === 'MANUAL') this.become('IDLE');
    } else if (overtaken) this.stopByHand('lease', now);
  }

  private roll(now: number, seconds: number): void {
    if (this.hand.overdue(now)) return void this.stopByHand('deadman', now);
    this.table.roll(this.hand.linear, this.hand.angular, seconds);
    if (now - this.#lookedAt < LOOK_AROUND_MS) return;
    this.#lookedAt = now;
    if (this.table.lookAround()) this.out.changed();
  }

  private work(activity: Activity, now: number, seconds: number): void {
    if (now >= activity.deadline) {
      this.abandon('FAILED', 'TIMEOUT');
      return this.become('IDLE');
    }
    if (!proceed(activity, this.table, seconds, () => this.out.changed())) return;
    if (activity.mode === 'NAVIGATING') this.out.event({ event: 'DESTINATION_REACHED' });
    this.end('DONE');
    this.become('IDLE');
  }

  private begin(activity: Activity, target: string | null): void {
    this.#activity = activity;
    this.table.targetNode = target;
    this.become(activity.mode);
  }

  private abandon(status: OrderStatus, reason: string): void {
    if (this.#activity !== null) this.end(status, reason);
  }

  private end(status: OrderStatus, reason?: string): void {
    const record = this.#activity?.record;
    this.#activity = null;
    this.table.targetNode = null;
    this.out.changed();
    if (record === undefined) return;
    record.status = status;
    record.reason = reason;
    this.tellResult(record);
  }

  private tellResult({ step, status, reason }: OrderRecord): void {
    if (step === undefined || status === 'RUNNING') return;
    if (status === 'DONE') this.out.event({ event: 'STEP_DONE', ...step });
    else this.out.event({ event: 'STEP_FAILED', ...step, reason: reason ?? status });
  }

  private stopByHand(cause: StopCause, now: number): void {
    if (!this.hand.stop(cause, now)) return;
    this.table.lookAround();
    this.out.changed();
  }

  private become(mode: DriveMode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.out.changed();
  }

  private refuse(id: string, reason: string): void {
    this.out.ack({ type: 'ack', id, accepted: false, reason });
  }

  private route(legs: readonly Leg[]): RouteDrive {
    return new RouteDrive(legs, this.options.turnRate);
  }
}

const clamp = (value: number, most: number): number => Math.max(-most, Math.min(most, value));
