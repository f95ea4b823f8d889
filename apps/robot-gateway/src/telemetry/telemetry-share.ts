import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FRAME_SUBJECTS, frameSubject, isRobotId, wildcardSubject } from '@teleop/contracts';
import { NatsConnection } from '@teleop/messaging';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { Coalescer } from './coalescer';
import { LiveRobots, type Telemetry } from './live-robots';

interface Shared {
  readonly replica: string;
  readonly ageMs: number;
  readonly state: Telemetry;
}

/** Tells the other replicas what robots said to this one: a few times a second, and at once when the mode changed. */
@Injectable()
export class TelemetryShare implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #outgoing: Coalescer;
  #unsubscribe: () => void = () => undefined;

  constructor(
    private readonly nats: NatsConnection,
    private readonly link: NatsReplicaLink,
    private readonly live: LiveRobots,
    private readonly clock: Clock,
    @InjectConfig() config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#outgoing = new Coalescer(
      config.STATUS_MIN_INTERVAL_MS,
      () => clock.monotonic(),
      (robotId) => this.send(robotId),
    );
    live.onTelemetry((robotId, now, before) => {
      if (!now.here) return;
      this.#outgoing.mark(robotId, now.state['driveMode'] !== before?.state['driveMode']);
    });
  }

  onApplicationBootstrap(): void {
    // Our own word comes back too; it is not worth parsing.
    const ours = `{"replica":${JSON.stringify(this.link.replica)},`;
    const subscription = this.nats.nc.subscribe(wildcardSubject(FRAME_SUBJECTS.telemetry), {
      callback: (error, message) => {
        if (error !== null) {
          this.log.error({ err: error }, 'telemetry between replicas failed');
          return;
        }
        const text = message.string();
        if (text.startsWith(ours)) return;
        const shared = parsed(text);
        const robotId = message.subject.slice(message.subject.lastIndexOf('.') + 1);
        if (shared === undefined || shared.replica === this.link.replica || !isRobotId(robotId)) return;
        this.live.learn(robotId, shared.state, { here: false, ageMs: shared.ageMs });
      },
    });
    this.#unsubscribe = () => subscription.unsubscribe();
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
    this.#outgoing.close();
  }

  private send(robotId: string): void {
    const live = this.live.of(robotId);
    // While NATS is away the client would keep it and send it late; heard of meanwhile: not ours to tell.
    if (live === undefined || !live.here || !this.nats.connected) return;
    const shared: Shared = {
      replica: this.link.replica,
      ageMs: this.clock.monotonic() - live.receivedAt,
      state: live.state,
    };
    this.nats.nc.publish(frameSubject('telemetry', robotId), JSON.stringify(shared));
  }
}

function parsed(text: string): Shared | undefined {
  try {
    const { replica, ageMs, state } = JSON.parse(text) as Partial<Shared>;
    if (typeof replica !== 'string' || typeof ageMs !== 'number' || !(ageMs >= 0)) return undefined;
    return typeof state === 'object' && state !== null ? { replica, ageMs, state } : undefined;
  } catch {
    // A replica of another version must not break this one.
    return undefined;
  }
}
