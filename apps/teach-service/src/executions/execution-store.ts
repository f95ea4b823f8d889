import { Injectable } from '@nestjs/common';
import { teachExecutionUpdated, type AskTaskCreate, type ExecutionStatus } from '@teleop/contracts';
import { Outbox, type Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import type { ExecutionState } from './domain/execution-machine';
import { ExecutionMetrics } from './execution-metrics';
import type { ExecutionRow, NewExecution } from './execution-record';
import { CANCEL_SETTLED, CHANGE_EXECUTION, LINK_TASK } from './sql/change-execution.sql';
import { INSERT_EXECUTION } from './sql/insert-execution.sql';
import {
  LOCK_EXECUTION,
  LOCK_EXECUTION_OF_TASK,
  READ_EXECUTION,
  readExecutions,
} from './sql/read-execution.sql';
import { ASK_TASK } from './sql/sweep-executions.sql';

export interface ExecutionQuery {
  readonly robotId?: string;
  readonly missionId?: string;
  readonly status?: ExecutionStatus;
  readonly cursor?: string;
  readonly limit: number;
}

/** Executions in PostgreSQL. Whatever it changes it announces, in the same transaction. */
@Injectable()
export class ExecutionStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox<'teach-service'>,
    private readonly metrics: ExecutionMetrics,
  ) {}

  find(executionId: string): Promise<ExecutionRow | undefined> {
    return this.database.maybe<ExecutionRow>(READ_EXECUTION, [executionId]);
  }

  /** Newest first, and one more than asked for when there are more. */
  page({ robotId, missionId, status, cursor, limit }: ExecutionQuery): Promise<ExecutionRow[]> {
    const params = [robotId ?? null, missionId ?? null, status ?? null, cursor ?? null, limit + 1];
    const by = { robot: robotId !== undefined, mission: missionId !== undefined };
    return this.database.query<ExecutionRow>(readExecutions(by), params);
  }

  insert({ executionId, robotId, request }: NewExecution): Promise<ExecutionRow> {
    return this.announced(async (tx) =>
      tx.one<ExecutionRow>(INSERT_EXECUTION, [
        executionId,
        request.missionId,
        request.missionVersion,
        robotId,
        request.taskId,
        JSON.stringify(request),
        request.steps.length,
        request.createdBy,
        request.correlationId ?? null,
      ]),
    );
  }

  /** The question to be asked now, remembered as asked. Undefined: there is nothing to ask any more. */
  async toAsk(executionId: string): Promise<AskTaskCreate | undefined> {
    return (await this.database.maybe<{ request: AskTaskCreate }>(ASK_TASK, [executionId]))?.request;
  }

  /** Its task exists. False: that was known. */
  async linked(executionId: string, robotId: string | null | undefined): Promise<boolean> {
    const row = await this.announced((tx) =>
      tx.maybe<ExecutionRow>(LINK_TASK, [executionId, robotId ?? null]),
    );
    return row !== undefined;
  }

  async cancelSettled(executionId: string): Promise<void> {
    await this.database.query(CANCEL_SETTLED, [executionId]);
  }

  /**
   * Changes an execution by a rule that sees its present state; undefined from the rule: nothing changes. Answers how it is
   * afterwards, undefined when there is none. `by`: its own id, or its task's.
   */
  change(
    by: { executionId: string } | { taskId: string },
    rule: (row: ExecutionRow) => ExecutionChange | undefined,
    outer?: Tx,
  ): Promise<ExecutionRow | undefined> {
    const work = async (tx: Tx) => {
      const row =
        'taskId' in by
          ? await tx.maybe<ExecutionRow>(LOCK_EXECUTION_OF_TASK, [by.taskId])
          : await tx.maybe<ExecutionRow>(LOCK_EXECUTION, [by.executionId]);
      const change = row && rule(row);
      if (row === undefined || change === undefined) return row;
      const changed = await this.write(tx, row, change);
      this.metrics.changed(change.state);
      await this.announce(tx, changed);
      return changed;
    };
    if (outer !== undefined) return work(outer);
    return this.database.transaction(work).then((row) => {
      this.outbox.poke();
      return row;
    });
  }

  private write(tx: Tx, row: ExecutionRow, { state, taskExists, cancelPending }: ExecutionChange) {
    return tx.one<ExecutionRow>(CHANGE_EXECUTION, [
      row.execution_id,
      state.status,
      state.robotId,
      state.paused,
      state.reason,
      state.currentStep,
      state.errorCode,
      state.errorMessage,
      state.taskVersion,
      taskExists,
      cancelPending ?? row.task_cancel_pending,
    ]);
  }

  private async announced<R extends ExecutionRow | undefined>(work: (tx: Tx) => Promise<R>): Promise<R> {
    const row = await this.database.transaction(async (tx) => {
      const written = await work(tx);
      if (written !== undefined) await this.announce(tx, written);
      return written;
    });
    this.outbox.poke();
    return row;
  }

  private async announce(tx: Tx, row: ExecutionRow): Promise<void> {
    await this.outbox.append(tx, teachExecutionUpdated, {
      executionId: row.execution_id,
      missionId: row.mission_id,
      status: row.status,
      paused: row.paused,
      currentStep: row.current_step,
      totalSteps: row.total_steps,
      ...(row.robot_id !== null && { robotId: row.robot_id }),
      ...(row.task_created_at !== null && { taskId: row.task_id }),
      ...(row.reason !== null && { reason: row.reason }),
      ...(row.error_code !== null && { errorCode: row.error_code }),
      ...(row.error_message !== null && { errorMessage: row.error_message }),
    });
  }
}

export interface ExecutionChange {
  readonly state: ExecutionState;
  readonly taskExists: boolean;
  /** Absent: as it was. */
  readonly cancelPending?: boolean;
}
