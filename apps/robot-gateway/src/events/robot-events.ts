import { Injectable } from '@nestjs/common';
import { RobotEventBody, validate } from '@teleop/contracts';
import { Clock, InjectConfig, Metrics, ProblemError } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Fleet } from '../fleet/fleet';
import { EventLimits } from './event-limits';
import { EventStore } from './event-store';
import { Notifications } from './notifications';
import { readEvent, type StepOutcome } from './robot-event';

export interface StepResult extends StepOutcome {
  readonly robotId: string;
}

type StepListener = (result: StepResult) => Promise<void>;
type Faults = readonly { readonly path: string; readonly message: string }[];

/** Takes in what robots report, over HTTP or their control socket. */
@Injectable()
export class RobotEvents {
  readonly #stepListeners: StepListener[] = [];
  readonly #limits: EventLimits;
  readonly #counted;

  constructor(
    fleet: Fleet,
    private readonly store: EventStore,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
    metrics: Metrics,
    @InjectConfig() config: RobotsConfig,
  ) {
    this.#limits = new EventLimits(config.ROBOT_EVENTS_PER_S);
    fleet.onGone((robotId) => this.#limits.forget(robotId));
    this.#counted = metrics.counter('robot_events_total', 'Events of robots', ['outcome']);
  }

  /**
   * Hears every result of a step, also one that came before: it may have been lost between hearing and answering. The
   * robot is answered when the listener is done; when it throws, the robot is told to try again and loses nothing.
   */
  onStepResult(listener: StepListener): void {
    this.#stepListeners.push(listener);
  }

  /** An object that nobody checked yet, from a control socket. Throws as `accept`. */
  async acceptFrame(robotId: string, frame: unknown): Promise<void> {
    const checked = validate(RobotEventBody, frame);
    if (!checked.ok) this.refuse(checked.errors);
    else await this.accept(robotId, checked.value);
  }

  /**
   * Stored once and told once; a repetition is accepted like the first. Throws ProblemError 400 with the fields that are
   * missing, 429 when the robot sends too many, and what a step listener or the database throws.
   */
  async accept(robotId: string, body: RobotEventBody): Promise<void> {
    const event = readEvent(body);
    if ('length' in event) return this.refuse(event);
    const { step } = event;
    if (!this.#limits.take(robotId, step !== undefined, this.clock.monotonic())) {
      this.#counted.inc({ outcome: 'limited' });
      throw new ProblemError(429, 'TOO_MANY_EVENTS', 'The robot sends too many events', {
        headers: { 'retry-after': '1' },
      });
    }
    if (step !== undefined) for (const listener of this.#stepListeners) await listener({ robotId, ...step });
    const at = await this.store.add(robotId, event);
    this.#counted.inc({ outcome: at === undefined ? 'repeated' : 'stored' });
    if (at === undefined) return;
    const { priority, message } = event;
    this.notifications.tell({ robotId, priority, message, event: event.event, timestamp: at.toISOString() });
  }

  private refuse(errors: Faults): void {
    this.#counted.inc({ outcome: 'refused' });
    const [first] = errors;
    throw new ProblemError(400, 'VALIDATION_FAILED', `${first?.path || 'body'}: ${first?.message}`, {
      errors,
    });
  }
}
