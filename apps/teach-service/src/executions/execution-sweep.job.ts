import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { isOperational } from '@teleop/contracts';
import { Database } from '@teleop/persistence';
import { InjectConfig, Logger, LOGGER, RepeatingJob } from '@teleop/service-kit';
import type { ExecutionSettings } from './execution-settings';
import { ExecutionStore } from './execution-store';
import { LOOKED_AT, READ_CANCEL_PENDING, READ_SILENT, READ_UNASKED } from './sql/sweep-executions.sql';
import { TaskLink } from './task-link';

interface Found {
  readonly execution_id: string;
  readonly task_id: string;
}

/**
 * The safety net under executions, on every replica: a task that a process which died had not asked for, a canceled one that
 * came to be all the same, news that never came. Two replicas at once do no harm: all of it may be done twice.
 */
@Injectable()
export class ExecutionSweepJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #job: RepeatingJob;

  constructor(
    private readonly database: Database,
    private readonly store: ExecutionStore,
    private readonly link: TaskLink,
    @InjectConfig() private readonly config: ExecutionSettings,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#job = new RepeatingJob('execution sweep', config.EXECUTION_SWEEP_MS, () => this.run(), log);
  }

  onApplicationBootstrap(): void {
    this.#job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#job.stop();
  }

  private async run(): Promise<void> {
    await this.askAgain();
    await this.cancelLate();
    await this.breakSilence();
  }

  private async askAgain(): Promise<void> {
    const { EXECUTION_ASK_AGAIN_MS, EXECUTION_TASK_PATIENCE_MS } = this.config;
    const rows = await this.database.query<Found & { hopeless: boolean }>(READ_UNASKED, [
      EXECUTION_ASK_AGAIN_MS,
      EXECUTION_TASK_PATIENCE_MS,
    ]);
    await this.each(rows, ({ execution_id: executionId, hopeless }) =>
      hopeless
        ? this.link.fail(executionId, 'task_not_created', 'robot-gateway did not answer', true)
        : this.link.create(executionId),
    );
  }

  private async cancelLate(): Promise<void> {
    const rows = await this.database.query<Found & { settled: boolean }>(READ_CANCEL_PENDING, [
      this.config.EXECUTION_QUESTION_DEAD_MS,
    ]);
    await this.each(rows, async ({ execution_id: executionId, task_id: taskId, settled }) => {
      const known = (await this.link.cancel(taskId)) !== undefined;
      // Unknown, and no question is on its way any more that could make it.
      if (known || settled) await this.store.cancelSettled(executionId);
    });
  }

  private async breakSilence(): Promise<void> {
    const rows = await this.database.query<Found>(READ_SILENT, [this.config.EXECUTION_SILENCE_MS]);
    await this.each(rows, async ({ execution_id: executionId, task_id: taskId }) => {
      await this.database.query(LOOKED_AT, [executionId]);
      await this.link.lookAt(executionId, taskId);
    });
  }

  /** One that fails is tried at the next sweep; it keeps the others waiting only when robot-gateway or the database is away. */
  private async each<R extends Found>(rows: readonly R[], work: (row: R) => Promise<void>): Promise<void> {
    for (const row of rows) {
      await work(row).catch((error: unknown) => {
        if (isOperational(error)) throw error;
        this.log.warn({ err: error, executionId: row.execution_id }, 'execution not settled; tried again');
      });
    }
  }
}
