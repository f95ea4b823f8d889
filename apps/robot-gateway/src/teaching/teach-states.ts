import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { eventSubject, teachState, type TeachState } from '@teleop/contracts';
import { ensureStream, NatsConnection } from '@teleop/messaging';
import { Clock, InjectConfig, LOGGER, Logger, Metrics } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { isHeld } from '../lease/lease-state';
import { LeaseBook } from '../lease/lease-book';
import { Relays } from '../relay/relays';
import type { RobotPeer } from '../relay/robot-peer';
import { TEXT } from '../relay/wire';
import { readTeachState, teachAck, teachStop } from './teach-frames';

/** Milliseconds between two stops that a robot is told which does not hear. */
const STRAY_STOP_MS = 1_000;

type Outcome = 'passed' | 'unproved' | 'untaught' | 'bad' | 'away' | 'overrun' | 'failed';

/**
 * Passes on what robots that are taught say of their state, from their control sockets into JetStream: of those only that
 * have shown their key, also where sockets need none, and that are taught. States are dropped rather than queued when NATS
 * is away; what an operator wanted with one is acknowledged to the robot, which says it again until then.
 */
@Injectable()
export class TeachStates implements OnApplicationBootstrap {
  readonly #counted;
  readonly #toldAt = new WeakMap<RobotPeer, number>();
  #underWay = 0;

  constructor(
    private readonly relays: Relays,
    private readonly leases: LeaseBook,
    private readonly nats: NatsConnection,
    private readonly clock: Clock,
    metrics: Metrics,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#counted = metrics.counter('robot_teach_states_total', 'States of robots that are taught', [
      'outcome',
    ]);
    relays.onRobotTaught((robotId, robot, data) => this.hear(robotId, robot, data));
  }

  async onApplicationBootstrap(): Promise<void> {
    await ensureStream(await this.nats.manager(), teachState.stream, this.config.NATS_STREAM_REPLICAS);
  }

  private hear(robotId: string, robot: RobotPeer, data: Buffer): void {
    const outcome = this.refusal(robotId, robot);
    if (outcome !== undefined) return this.count(outcome);
    const state = readTeachState(robotId, data);
    if (state === undefined) return this.count('bad');
    if (!this.nats.connected) return this.count('away');
    if (this.#underWay >= this.config.TEACH_STATES_UNDER_WAY) return this.count('overrun');
    this.#underWay += 1;
    void this.pass(state, robot).then((passed) => {
      this.#underWay -= 1;
      this.count(passed);
    });
  }

  private refusal(robotId: string, robot: RobotPeer): Outcome | undefined {
    if (!robot.proved) return 'unproved';
    const now = this.clock.monotonic();
    const lease = this.leases.of(robotId);
    // An Admin's hand may come in between; the lock lives on, and teach-service knows whether it does.
    if (isHeld(lease, now) && (lease.kind === 'teach' || lease.kind === 'preemption')) return undefined;
    if (now - (this.#toldAt.get(robot) ?? -Infinity) >= STRAY_STOP_MS) {
      this.#toldAt.set(robot, now);
      const relay = this.relays.of(robotId);
      relay.command([teachStop(robotId, this.clock.now())], Math.max(relay.fence, lease?.epoch ?? 0));
    }
    return 'untaught';
  }

  private async pass(state: TeachState, robot: RobotPeer): Promise<Outcome> {
    const { robotId, messageId } = state;
    try {
      // The name of a message is the robot's own: two robots may give the same one.
      const options = { msgID: `${robotId}:${messageId}` };
      await this.nats.js.publish(eventSubject(teachState, state), JSON.stringify(state), options);
    } catch (error) {
      this.log.debug({ err: error, robotId }, 'a state of a robot that is taught was lost');
      return 'failed';
    }
    if (state.payload.intent) robot.wire.send(teachAck(messageId), TEXT);
    return 'passed';
  }

  private count(outcome: Outcome): void {
    this.#counted.inc({ outcome });
  }
}
