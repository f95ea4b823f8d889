import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, Metrics } from '@teleop/service-kit';
import { TurnBook } from '../turns/turn-book';
import { DROP_REASONS, STOP_REASONS } from './frame-counters';
import { Relays } from './relays';

const FLUSH_MS = 1_000;
const LATE_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 1];
const HANDOFF_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

/** What Prometheus sees of the relay. The hot path counts in plain numbers, which are brought over every second. */
@Injectable()
export class RelayMetrics implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #frames;
  readonly #dropped;
  readonly #stops;
  readonly #grants;
  readonly #handoff;
  readonly #late;
  /** When each robot's running turn was first heard of; taken out when its driver is let in. */
  readonly #heardAt = new Map<string, { turn: number; at: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    metrics: Metrics,
    private readonly relays: Relays,
    private readonly book: TurnBook,
    private readonly clock: Clock,
  ) {
    this.#frames = metrics.counter('robot_frames_total', 'Frames passed on', ['direction']);
    this.#dropped = metrics.counter('robot_frames_dropped_total', 'Frames not passed on', ['reason']);
    this.#stops = metrics.counter('robot_stops_total', 'Stops sent to robots by the gateway itself', [
      'reason',
    ]);
    this.#grants = metrics.counter('robot_lease_epochs_total', 'Leases seen going to a new epoch');
    this.#handoff = metrics.histogram(
      'robot_handoff_seconds',
      'From hearing of a turn to letting its driver in',
      HANDOFF_BUCKETS,
    );
    this.#late = metrics.histogram(
      'robot_frame_late_seconds',
      'By how much a drive frame of another replica was later than the quickest of late',
      LATE_BUCKETS,
    );
    const count = (has: (relay: { robot?: object; seat?: object }) => boolean) => () =>
      [...relays.all()].filter(has).length;
    metrics.observed(
      'robots_connected',
      'Robots whose socket is here',
      count(({ robot }) => robot !== undefined),
    );
    metrics.observed(
      'drivers_connected',
      'Drivers whose socket is here',
      count(({ seat }) => seat !== undefined),
    );
  }

  onApplicationBootstrap(): void {
    this.book.onChange((robotId, { turn, phase }) => {
      const heard = this.#heardAt.get(robotId);
      if (phase === 'ended') this.#heardAt.delete(robotId);
      else if (heard?.turn !== turn) this.#heardAt.set(robotId, { turn, at: this.clock.monotonic() });
    });
    this.#timer = setInterval(() => this.flush(), FLUSH_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
    this.flush();
  }

  letIn(robotId: string, turn: number, now: number): void {
    const heard = this.#heardAt.get(robotId);
    if (heard?.turn !== turn) return;
    this.#heardAt.delete(robotId);
    this.#handoff.observe((now - heard.at) / 1_000);
  }

  private flush(): void {
    const { counters } = this.relays;
    this.#frames.inc({ direction: 'to_robot' }, counters.toRobot);
    this.#frames.inc({ direction: 'to_driver' }, counters.toDriver);
    this.#frames.inc({ direction: 'between_replicas' }, counters.betweenReplicas);
    this.#grants.inc(counters.grants);
    counters.toRobot = counters.toDriver = counters.betweenReplicas = counters.grants = 0;
    for (const lateMs of counters.lateMs.splice(0)) this.#late.observe(lateMs / 1_000);
    for (const reason of DROP_REASONS) {
      this.#dropped.inc({ reason }, counters.dropped[reason]);
      counters.dropped[reason] = 0;
    }
    for (const reason of STOP_REASONS) {
      this.#stops.inc({ reason }, counters.stops[reason]);
      counters.stops[reason] = 0;
    }
  }
}
