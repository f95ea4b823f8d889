import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import { RobotAcks } from '../commands/robot-acks';
import { RobotEvents } from '../events/robot-events';
import { Fleet } from '../fleet/fleet';
import { LeaseBook } from '../lease/lease-book';
import { isSameHolder } from '../lease/lease-state';
import { RobotHints } from '../replicas/robot-hints';
import { LiveRobots, type Telemetry } from '../telemetry/live-robots';
import { Traffic } from '../traffic/traffic';
import { AssignTasks } from './assign-tasks';
import { ChangeTask } from './change-task';
import { Coalesced } from './coalesced';
import { NamedCommands } from './domain/named-commands';
import { DriveTask } from './drive-task';
import { SettleStep } from './settle-step';
import { WAITING_FOR_WAY } from './sql/sweep.sql';
import { StopSteps } from './stop-steps';
import type { TaskConfig } from './task-settings';

const ALL = 'all';

/**
 * What wakes tasks: their own changes, what robots say, and what frees robots and ways. Nothing depends on hearing it: the
 * sweep finds whatever was missed.
 */
@Injectable()
export class TaskEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #driving: Coalesced;
  readonly #stopping: Coalesced;
  readonly #assigning: Coalesced;
  readonly #wayFreed: Coalesced;
  readonly #named = new NamedCommands();

  constructor(
    private readonly settle: SettleStep,
    private readonly changes: ChangeTask,
    private readonly stops: StopSteps,
    private readonly database: Database,
    drive: DriveTask,
    assign: AssignTasks,
    private readonly events: RobotEvents,
    private readonly acks: RobotAcks,
    private readonly live: LiveRobots,
    private readonly leases: LeaseBook,
    private readonly hints: RobotHints,
    private readonly traffic: Traffic,
    private readonly fleet: Fleet,
    @InjectConfig() config: TaskConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const failed = (error: unknown, robotId: string) =>
      this.log.warn({ err: error, robotId }, 'tasks not moved on; the next sweep tries again');
    this.#driving = new Coalesced((robotId) => drive.run(robotId), failed, config.TASK_ROBOTS_AT_ONCE);
    this.#stopping = new Coalesced((robotId) => stops.run(robotId), failed, config.TASK_ROBOTS_AT_ONCE);
    this.#assigning = new Coalesced(() => assign.run(), failed);
    this.#wayFreed = new Coalesced(() => this.wakeWaiting(), failed);
  }

  onApplicationBootstrap(): void {
    this.changes.onChanged(({ robot_id: robotId, status, stop_command_id: stopId }) => {
      if (robotId !== null && stopId !== null) this.#stopping.wake(robotId);
      if (robotId !== null && status === 'RUNNING') this.#driving.wake(robotId);
      else this.assign();
    });
    this.stops.onSettled((robotId) => {
      this.#driving.wake(robotId);
      this.assign();
    });
    this.events.onStepResult((result) => this.settle.result(result));
    this.acks.onAck((ack) => this.quietly(ack.robotId, this.settle.acknowledged(ack)));
    this.live.onTelemetry((robotId, { state, here }, before) => {
      if (!here) return;
      this.heard(robotId, state);
      if (state['driveMode'] !== before?.state['driveMode']) this.robotChanged(robotId);
    });
    this.fleet.onGone((robotId) => this.#named.forget(robotId));
    this.leases.onChange((robotId, lease, before) => {
      // Whoever drives by hand renews every few seconds.
      if (!isSameHolder(lease, before)) this.robotChanged(robotId);
    });
    this.hints.onHint((_robotId, hint) => {
      if (hint === 'routes') this.assign();
    });
    this.traffic.onFreed(() => {
      this.#wayFreed.wake(ALL);
      this.assign();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(
      [this.#driving, this.#stopping, this.#assigning, this.#wayFreed].map((work) => work.close()),
    );
  }

  drive(robotId: string): void {
    this.#driving.wake(robotId);
  }

  stop(robotId: string): void {
    this.#stopping.wake(robotId);
  }

  assign(): void {
    this.#assigning.wake(ALL);
  }

  private robotChanged(robotId: string): void {
    this.#stopping.wake(robotId);
    this.#driving.wake(robotId);
    this.assign();
  }

  private heard(robotId: string, state: Telemetry): void {
    const news = this.#named.hear(robotId, state);
    if (news === undefined) return;
    this.settle.named(robotId, news).catch((error: unknown) => {
      this.#named.forget(robotId);
      this.log.warn(
        { err: error, robotId },
        'what telemetry says of a step is not written down; trying again',
      );
    });
  }

  private async wakeWaiting(): Promise<void> {
    const rows = await this.database.query<{ robot_id: string }>(WAITING_FOR_WAY);
    for (const row of rows) this.#driving.wake(row.robot_id);
  }

  private quietly(robotId: string, work: Promise<void>): void {
    // It is sent again, and acknowledged again.
    work.catch((error: unknown) =>
      this.log.warn({ err: error, robotId }, 'an acknowledgement is not written down'),
    );
  }
}
