import type { Lag } from '../faults/faults';
import { LagLine } from '../faults/lag-line';
import { taken, type PostOffice, type PostResult } from './post-office';

export interface TelemetryPorts {
  state(): object;
  lag(): Lag;
  random(): number;
  /** The gateway takes it after it did not, or the other way round. */
  turned(taken: boolean, result: PostResult): void;
}

/** `POST /table/state` about every second and on change; one at a time, and always the newest that is due. */
export class Telemetry {
  readonly #line = new LagLine<object>();
  #changed = true;
  #takenAt = -Infinity;
  #regular = false;
  #due: object | undefined;
  #sending = false;
  #failing = false;
  sent = 0;
  accepted = 0;

  constructor(
    private readonly office: PostOffice,
    private readonly ports: TelemetryPorts,
    private readonly everyMs: number,
  ) {}

  changed(): void {
    this.#changed = true;
  }

  tick(now: number): void {
    if (this.#changed || now - this.#takenAt >= this.everyMs) this.takeReading(now);
    if (this.#sending) return;
    const due = this.#line.empty ? undefined : this.#line.take(now).at(-1);
    if (due !== undefined) this.#due = due;
    if (this.#due === undefined) return;
    const body = this.#due;
    this.#due = undefined;
    this.#sending = true;
    this.sent += 1;
    void this.office.post('/table/state', body, now).then((result) => {
      this.#sending = false;
      if (taken(result)) this.accepted += 1;
      if (this.#failing === taken(result)) this.ports.turned(taken(result), result);
      this.#failing = !taken(result);
    });
  }

  /** Power is back: whatever was on its way is gone. */
  reset(): void {
    this.#line.clear();
    this.#due = undefined;
    this.#changed = true;
  }

  private takeReading(now: number): void {
    const { telemetryMs, jitterMs } = this.ports.lag();
    const delay = telemetryMs === 0 ? 0 : telemetryMs + this.ports.random() * jitterMs;
    this.#changed = false;
    // Robots that are switched on together would report together for ever: their second reading comes at any time.
    this.#takenAt = this.#regular ? now : now - this.ports.random() * this.everyMs;
    this.#regular = true;
    this.#line.push(this.ports.state(), now, delay);
  }
}
