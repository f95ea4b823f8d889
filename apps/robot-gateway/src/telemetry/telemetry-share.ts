import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { FRAME_SUBJECTS, isRobotId } from '@teleop/contracts';
import { NatsConnection } from '@teleop/messaging';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { NatsReplicaLink } from '../replicas/nats-replica-link';
import { LiveRobots, type Telemetry } from './live-robots';

interface Shared {
  readonly robotId: string;
  readonly ageMs: number;
  readonly state: Telemetry;
}

/** Bytes of one message, unless a single robot says more (ROBOT_BODY_BYTES); NATS takes 1 MiB. */
const MAX_MESSAGE = 256 * 1024;

/**
 * Tells the other replicas what robots said to this one: a few times a second that of all robots that spoke, and at once when
 * the mode of one changed. Robots by themselves would be a message each, and each comes back to its sender, too.
 */
@Injectable()
export class TelemetryShare implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #spoke = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: () => void = () => undefined;
  #closed = false;

  constructor(
    private readonly nats: NatsConnection,
    private readonly link: NatsReplicaLink,
    private readonly live: LiveRobots,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    live.onTelemetry((robotId, now, before) => {
      if (!now.here || this.#closed) return;
      this.#spoke.add(robotId);
      if (now.state['driveMode'] !== before?.state['driveMode']) this.tell();
      else this.#timer ??= setTimeout(() => this.tell(), this.config.STATUS_MIN_INTERVAL_MS);
    });
  }

  onApplicationBootstrap(): void {
    // Our own word comes back too; it is not worth parsing.
    const ours = this.head();
    const subscription = this.nats.nc.subscribe(FRAME_SUBJECTS.telemetry, {
      callback: (error, message) => {
        if (error !== null) {
          this.log.error({ err: error }, 'telemetry between replicas failed');
          return;
        }
        const text = message.string();
        if (text.startsWith(ours)) return;
        for (const { robotId, state, ageMs } of parsed(text))
          this.live.learn(robotId, state, { here: false, ageMs });
      },
    });
    this.#unsubscribe = () => subscription.unsubscribe();
  }

  onModuleDestroy(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#unsubscribe();
  }

  private head(): string {
    return `{"replica":${JSON.stringify(this.link.replica)},"robots":[`;
  }

  private tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const robotIds = [...this.#spoke];
    this.#spoke.clear();
    // While NATS is away the client would keep it and send it late.
    if (!this.nats.connected) return;
    let robots: string[] = [];
    let bytes = 0;
    const publish = (): void => {
      if (robots.length > 0)
        this.nats.nc.publish(FRAME_SUBJECTS.telemetry, `${this.head()}${robots.join(',')}]}`);
      robots = [];
      bytes = 0;
    };
    for (const robotId of robotIds) {
      const live = this.live.of(robotId);
      // Heard of from another replica meanwhile: not ours to tell.
      if (live === undefined || !live.here) continue;
      const ageMs = this.clock.monotonic() - live.receivedAt;
      const shared: Shared = { robotId, ageMs, state: live.state };
      const text = JSON.stringify(shared);
      const size = Buffer.byteLength(text);
      if (bytes + size > MAX_MESSAGE) publish();
      robots.push(text);
      bytes += size;
    }
    publish();
  }
}

function isShared(value: unknown): value is Shared {
  if (typeof value !== 'object' || value === null) return false;
  const { robotId, ageMs, state } = value as Partial<Shared>;
  const known = typeof robotId === 'string' && isRobotId(robotId) && typeof ageMs === 'number' && ageMs >= 0;
  return known && typeof state === 'object' && state !== null;
}

/** What is not understood is left out: a replica of another version must not break this one. */
function parsed(text: string): Shared[] {
  try {
    const { robots } = JSON.parse(text) as { robots?: unknown };
    return Array.isArray(robots) ? robots.filter(isShared) : [];
  } catch {
    return [];
  }
}
