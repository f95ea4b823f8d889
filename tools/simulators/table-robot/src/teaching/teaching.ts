import { randomUUID } from 'node:crypto';
import { planTo } from '../map/plan';
import type { RoadMap } from '../map/robot-map';
import { RouteDrive } from '../motion/route-drive';
import type { Table } from '../motion/table';
import { workOf, type Capabilities } from '../orders/step-work';
import type { LessonStep, TeachIntent } from './lesson';
import { teachPayload } from './teach-payload';
import { Wishes, type TeachFrame } from './wishes';

export interface TeachingOptions {
  readonly map: RoadMap;
  readonly speed: number;
  readonly turnRate: number;
  readonly capabilities: Capabilities;
  /** Milliseconds between two states. */
  readonly teachMs: number;
  /** What the operator does as soon as it is being taught; he may do more by `teach`. */
  readonly lesson: readonly LessonStep[];
  readonly date: () => Date;
}

/** The robot while it is taught: tells of its state many times a second, and lets itself be led. */
export class Teaching {
  readonly #wishes = new Wishes();
  #sessionId: string | null = null;
  #lesson: LessonStep[] = [];
  #led: RouteDrive | null = null;
  #saidAt = -Infinity;
  said = 0;

  constructor(
    private readonly options: TeachingOptions,
    private readonly table: Table,
    private readonly say: (frame: TeachFrame) => void,
  ) {}

  /** Null while it is not taught. */
  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** The operator has nothing more to do, and the gateway has all that he wanted. */
  get finished(): boolean {
    return this.#lesson.length === 0 && this.#led === null && this.#wishes.open === 0;
  }

  begin(sessionId: string): void {
    this.#sessionId = sessionId;
    this.#lesson = [...this.options.lesson];
    this.#saidAt = -Infinity;
  }

  end(): void {
    this.#sessionId = null;
    this.#lesson = [];
    this.#led = null;
    this.#wishes.forget();
  }

  /** What the operator does next. */
  teach(steps: readonly LessonStep[]): void {
    if (this.#sessionId !== null) this.#lesson.push(...steps);
  }

  acknowledged(messageId: string): void {
    this.#wishes.acknowledged(messageId);
  }

  /** `led`: nothing else moves it just now. */
  tick(now: number, seconds: number, led: boolean, passed: () => void): void {
    if (this.#sessionId === null) return;
    if (led) this.goOn(now, seconds, passed);
    for (const frame of this.#wishes.due(now)) this.say(frame);
    if (now - this.#saidAt < this.options.teachMs) return;
    this.#saidAt = now;
    this.tell();
  }

  private goOn(now: number, seconds: number, passed: () => void): void {
    if (this.#led !== null) {
      if (this.table.drive(this.#led, seconds, passed)) this.#led = null;
      return;
    }
    const next = this.#lesson.shift();
    if (next === undefined) return;
    if ('wish' in next) this.wish(next.wish, now);
    else this.lead(next.lead);
  }

  private lead(node: string): void {
    const { map, speed, turnRate } = this.options;
    const plan = planTo(map, this.table.whereabouts, node, speed);
    if (plan.ok) this.#led = new RouteDrive(plan.legs, turnRate);
  }

  /** The operator moves grip, hoist and the like himself, and says that this is to be done. */
  private wish(intent: TeachIntent, now: number): void {
    const { map, speed, capabilities } = this.options;
    const step = { ...intent, payload: intent.payload ?? {} };
    const work = workOf(step, undefined, { map, table: this.table, speed, capabilities });
    if (work.ok && work.kind === 'act') Object.assign(this.table.actuators, work.effect);
    this.#wishes.add(this.tell(intent), now);
  }

  private tell(intent?: TeachIntent): TeachFrame {
    const frame: TeachFrame = {
      type: 'teachState',
      messageId: randomUUID(),
      producedAtUtc: this.options.date().toISOString(),
      payload: { ...teachPayload(this.table, this.options.map), ...(intent && { intent }) },
    };
    this.said += 1;
    this.say(frame);
    return frame;
  }
}
