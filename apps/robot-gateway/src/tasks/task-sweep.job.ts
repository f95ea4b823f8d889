import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Clock, InjectConfig, LOGGER, Logger, RepeatingJob } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { ChangeTask } from './change-task';
import {
  COUNT_OPEN_TASKS,
  FORGET_TASKS,
  READ_DUE_ROBOTS,
  READ_ORPHANED_TASKS,
  READ_STOPPING_ROBOTS,
} from './sql/sweep.sql';
import { TaskEngine } from './task-engine';
import { TaskMetrics } from './task-metrics';

interface RobotRow {
  readonly robot_id: string;
}

const FORGET_BATCH = 200;
const ROBOT_GONE = { type: 'failed', code: 'robot_unknown', message: 'the robot was deleted' } as const;

/** The safety net under tasks, on every replica: what nobody was woken for, what is late, what a process that died left. */
@Injectable()
export class TaskSweepJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob;
  #forgetAt = 0;

  constructor(
    private readonly database: Database,
    private readonly engine: TaskEngine,
    private readonly changes: ChangeTask,
    private readonly metrics: TaskMetrics,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) log: Logger,
  ) {
    this.#job = new RepeatingJob('task sweep', config.TASK_SWEEP_MS, () => this.run(), log);
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.stop();
  }

  private async run(): Promise<void> {
    for (const { task_id: taskId } of await this.database.query<{ task_id: string }>(READ_ORPHANED_TASKS)) {
      await this.changes.apply(taskId, ROBOT_GONE, { reason: ROBOT_GONE.message });
    }
    for (const row of await this.database.query<RobotRow>(READ_STOPPING_ROBOTS))
      this.engine.stop(row.robot_id);
    const { TASK_RETRY_MS, TASK_RESEND_MS, TASK_REMIND_MS } = this.config;
    const due = await this.database.query<RobotRow>(READ_DUE_ROBOTS, [
      TASK_RETRY_MS,
      TASK_RESEND_MS,
      TASK_REMIND_MS,
    ]);
    for (const row of due) this.engine.drive(row.robot_id);
    this.engine.assign();
    await this.count();
    await this.forget();
  }

  private async count(): Promise<void> {
    const rows = await this.database.query<{ status: string; tasks: number }>(COUNT_OPEN_TASKS);
    this.metrics.open(new Map(rows.map(({ status, tasks }) => [status, tasks])));
  }

  private async forget(): Promise<void> {
    if (this.clock.monotonic() < this.#forgetAt) return;
    await this.database.query(FORGET_TASKS, [this.config.ROBOT_RETENTION_DAYS, FORGET_BATCH]);
    this.#forgetAt = this.clock.monotonic() + this.config.ROBOT_RETENTION_SWEEP_MS;
  }
}
