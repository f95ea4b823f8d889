import { EventEmitter } from 'node:events';
import { changeFaults, noFaults, type FaultChanges, type Faults } from './faults/faults';
import { seededRandom, seedOf } from './faults/random';
import { Links, type LinksOptions } from './link/links';
import { RoadMap } from './map/robot-map';
import { ALL_CAPABILITIES, DEFAULTS, type TableRobotOptions } from './options';
import { Brain } from './orders/brain';
import type { Ack, BrainEvent } from './orders/brain-ports';
import type { CommandEntry } from './orders/command-log';
import type { LeaseChange, Verdict } from './orders/lease-gate';
import { answersOf } from './report/answers';
import { lieAbout } from './report/lie';
import { robotState, sourceState, type RobotState } from './report/robot-state';
import type { HandMove, StopCause } from './motion/hand-drive';
import type { LessonStep } from './teaching/lesson';

export interface TableRobotEvents {
  connected: [];
  disconnected: [code: number];
  /** A text frame of the control socket, as it is about to be read. */
  frame: [text: string];
  /** An event that was put into the outbox. */
  event: [body: object];
  died: [];
}

/** When it last moved by hand, and everything about it that a test wants to hold against the gateway's word. */
export interface HandRecord {
  readonly moving: boolean;
  readonly startedAt: number | null;
  readonly stoppedAt: number | null;
  readonly stopCause: StopCause | null;
  readonly moves: readonly HandMove[];
}

/** The simulated serving table: a real client of robot-gateway over the real protocol. */
export class TableRobot extends EventEmitter<TableRobotEvents> {
  readonly robotId: string;
  readonly brain: Brain;
  readonly #options: LinksOptions;
  readonly #random: () => number;
  readonly #map: RoadMap;
  readonly #links: Links;
  #faults: Faults;
  #running = false;
  #stopTicking: () => void = () => undefined;
  #tickedAt = 0;

  /** Throws when the map or a fault makes no sense. */
  constructor(options: TableRobotOptions) {
    super();
    this.#options = { ...DEFAULTS, ...definedOnly(options) };
    const { robotId, seed, map, server } = this.#options;
    this.robotId = robotId;
    this.#random = seededRandom(seedOf(robotId, seed));
    this.#faults = changeFaults(noFaults(), options.faults ?? {});
    this.#map = new RoadMap(map);
    this.brain = this.makeBrain();
    const control = server !== false && server?.control === true;
    this.#links = this.makeLinks(control);
  }

  /** Switches it on: resolves when its HTTP server listens; the rest goes on by itself, and again and again. */
  async start(): Promise<this> {
    if (this.#running) return this;
    this.#running = true;
    await this.#links.start();
    const { clock } = this.#options;
    this.#tickedAt = clock.now();
    this.#stopTicking = clock.onTick((now) => this.tick(now));
    return this;
  }

  /** Switches it off in an orderly way. */
  async stop(): Promise<void> {
    this.halt();
    this.brain.linkLost(this.#options.clock.now());
    await this.#links.stop();
  }

  /** Pulls its plug. `start()` plugs it in again: it stands where it stood, IDLE, and what it was at has failed. */
  async powerOff(): Promise<void> {
    this.halt();
    const gone = this.#links.kill();
    this.brain.powerLost(this.#options.clock.now());
    this.emit('died');
    await gone;
  }

  get running(): boolean {
    return this.#running;
  }

  get connected(): boolean {
    return this.#links.control.connected;
  }

  /** The gateway has taken a registration. */
  get registered(): boolean {
    return this.#links.registration.registered;
  }

  /** Of its own HTTP server; 0 without one. */
  get port(): number {
    return this.#links.server?.port ?? 0;
  }

  /** Every command it has seen, oldest first: the newest `logCapacity`. */
  get commands(): readonly CommandEntry[] {
    return this.brain.log.entries;
  }

  get counts(): Readonly<Record<Verdict | 'bad', number>> {
    return this.brain.log.counts;
  }

  /** Every `lease` frame that was news. */
  get leaseChanges(): readonly LeaseChange[] {
    return this.brain.gate.changes;
  }

  get hand(): HandRecord {
    return this.brain.hand;
  }

  /** Events that the gateway has not taken yet, has taken, and that were given up. */
  get events(): { waiting: number; taken: number; lost: number } {
    const { waiting, taken, lost } = this.#links.outbox;
    return { waiting, taken, lost };
  }

  get telemetry(): { sent: number; accepted: number } {
    const { sent, accepted } = this.#links.telemetry;
    return { sent, accepted };
  }

  /** What it says of itself, lies and all. */
  get state(): RobotState {
    const state = this.#options.firmware === 'old' ? sourceState(this.brain) : robotState(this.brain);
    return lieAbout(state, this.#faults.lie, this.elsewhere());
  }

  get faults(): Readonly<Faults> {
    return this.#faults;
  }

  /** Changes what it does wrong from now on. Throws `BadFaultError`. */
  setFaults(changes: FaultChanges): void {
    this.#faults = changeFaults(this.#faults, changes);
    this.#links.telemetry.changed();
  }

  clearFaults(): void {
    this.setFaults(noFaults());
  }

  /** Cuts the control socket without a goodbye. It comes back after its back-off. */
  cut(): void {
    this.#links.control.cut();
  }

  /** Something is put on the table, or taken off. */
  load(cargoStatus: string): void {
    this.brain.table.cargoStatus = cargoStatus;
    this.#links.telemetry.changed();
  }

  /** Sends an event as the robot would; it is repeated until the gateway took it. */
  report(body: BrainEvent): void {
    const stamped = 'event' in body ? this.stamped(body) : body;
    this.#links.outbox.push(stamped);
    this.emit('event', stamped);
  }

  /** Null while it is not taught; else how it goes, and what was said by now. */
  get taught(): { readonly sessionId: string; readonly finished: boolean; readonly said: number } | null {
    const { sessionId, finished, said } = this.brain.teaching;
    return sessionId === null ? null : { sessionId, finished, said };
  }

  /** What its operator does with it next, while it is taught. */
  teach(steps: readonly LessonStep[]): void {
    this.brain.teaching.teach(steps);
  }

  private halt(): void {
    this.#running = false;
    this.#stopTicking();
  }

  private tick(now: number): void {
    const seconds = ((now - this.#tickedAt) / 1_000) * this.#options.timeScale;
    this.#tickedAt = now;
    this.brain.tick(now, seconds);
    const { dieMidRoute } = this.#faults;
    if (dieMidRoute !== null && (this.brain.driven ?? -1) >= dieMidRoute) {
      this.#faults.dieMidRoute = null;
      return void this.powerOff();
    }
    this.#links.tick(now);
  }

  private acknowledge(frame: Ack): void {
    if (this.#options.firmware === 'old') return;
    const { acks } = this.#faults.drop;
    if (acks > 0 && this.#random() < acks) return;
    this.#links.control.send(JSON.stringify(frame));
  }

  private stamped({ event, ...rest }: Extract<BrainEvent, { event: string }>): object {
    return { event, timestamp: this.#options.clock.date().toISOString(), ...rest };
  }

  /** Some other node than the one it is at. */
  private elsewhere(): string {
    const { nodeIds } = this.#map;
    const at = nodeIds.indexOf(this.brain.table.lastNode);
    return nodeIds[(at + 1 + Math.floor((nodeIds.length - 1) / 2)) % nodeIds.length]!;
  }

  private makeBrain(): Brain {
    const { home, capabilities } = this.#options;
    return new Brain(
      {
        ...this.#options,
        map: this.#map,
        home: home ?? this.#map.nodeIds[0]!,
        capabilities: { ...ALL_CAPABILITIES, ...capabilities },
        date: () => this.#options.clock.date(),
      },
      {
        taught: (frame) => this.#links.control.send(JSON.stringify(frame)),
        ack: (frame) => this.acknowledge(frame),
        event: (body) => this.report(body),
        changed: () => this.#links.telemetry.changed(),
      },
    );
  }

  private makeLinks(control: boolean): Links {
    const { clock } = this.#options;
    return new Links(
      this.#options,
      {
        faults: () => this.#faults,
        random: this.#random,
        state: () => this.state,
        opened: () => this.emit('connected'),
        frame: (text) => {
          this.emit('frame', text);
          this.brain.receive(text, clock.now());
        },
        lost: (code) => {
          this.brain.linkLost(clock.now());
          this.emit('disconnected', code);
        },
      },
      answersOf(this, this.#map.nodeIds, control),
    );
  }
}

/** Undefined means "as usual", not "undefined". */
function definedOnly(options: TableRobotOptions): TableRobotOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as TableRobotOptions;
}
