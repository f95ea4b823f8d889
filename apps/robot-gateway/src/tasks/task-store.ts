import { Injectable } from '@nestjs/common';
import type { AskTaskCreate, StepStatus, StepType, TaskStatus } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import type { Demands } from './domain/demands';
import type { Move } from './domain/task-machine';
import { CHANGE_STEP, DROP_STEPS } from './sql/change-step.sql';
import { CHANGE_TASK } from './sql/change-task.sql';
import { FIND_COMMAND } from './sql/find-command.sql';
import { INSERT_STEPS, INSERT_TASK } from './sql/insert-task.sql';
import { LOCK_TASK, ROBOT_OF_TASK } from './sql/lock-task.sql';
import { READ_STEPS } from './sql/read-steps.sql';
import { READ_TASK, READ_TASK_ON_ROBOT, READ_TASKS } from './sql/read-task.sql';
import { SEND_STEP, STEP_DELIVERED, TRY_STEP } from './sql/send-step.sql';
import type { StepRow, TaskRow } from './task-record';

export interface TaskQuery {
  readonly robotId?: string;
  readonly missionId?: string;
  readonly status?: TaskStatus;
  readonly cursor?: string;
  readonly limit: number;
}

export interface StepOrder {
  readonly commandId: string;
  readonly path: readonly string[] | undefined;
  readonly timeoutSeconds: number;
}

export interface FoundCommand {
  readonly taskId: string;
  /** What the robot calls the step. */
  readonly wireStepId: string;
  readonly status: StepStatus;
}

export interface ChangedStep {
  readonly type: StepType;
  /** Since it reached the robot; null when it never did. */
  readonly seconds: number | null;
}

interface CommandRow {
  readonly task_id: string;
  readonly wire_step_id: string;
  readonly status: StepStatus;
}

/** Tasks and their steps in PostgreSQL. */
@Injectable()
export class TaskStore {
  constructor(private readonly database: Database) {}

  /** False when the task is known already, or too many wait. */
  async insert(
    tx: Tx,
    ask: AskTaskCreate,
    plan: { demands: Demands; tour: readonly string[] },
    queueMax: number,
  ): Promise<boolean> {
    const steps = JSON.stringify(ask.steps);
    const row = await tx.maybe(INSERT_TASK, [
      ask.taskId,
      ask.missionId,
      ask.missionVersion ?? null,
      ask.robotId ?? null,
      JSON.stringify(plan.demands),
      plan.tour,
      steps,
      ask.createdBy,
      ask.correlationId ?? null,
      queueMax,
    ]);
    if (row === undefined) return false;
    await tx.query(INSERT_STEPS, [ask.taskId, steps]);
    return true;
  }

  find(taskId: string, tx: Tx = this.database): Promise<TaskRow | undefined> {
    return tx.maybe<TaskRow>(READ_TASK, [taskId]);
  }

  onRobot(robotId: string, tx: Tx = this.database): Promise<TaskRow | undefined> {
    return tx.maybe<TaskRow>(READ_TASK_ON_ROBOT, [robotId]);
  }

  steps(taskId: string): Promise<StepRow[]> {
    return this.database.query<StepRow>(READ_STEPS, [taskId]);
  }

  /** Newest first, and one more than asked for when there are more. */
  page({ robotId, missionId, status, cursor, limit }: TaskQuery): Promise<TaskRow[]> {
    const params = [robotId ?? null, missionId ?? null, status ?? null, cursor ?? null, limit + 1];
    return this.database.query<TaskRow>(READ_TASKS, params);
  }

  /** Undefined: there is no such task. Null: it has no robot yet. */
  async robotOf(taskId: string): Promise<string | null | undefined> {
    return (await this.database.maybe<{ robot_id: string | null }>(ROBOT_OF_TASK, [taskId]))?.robot_id;
  }

  /** Takes the task's row until the transaction ends; answers as `robotOf`. */
  async lock(tx: Tx, taskId: string): Promise<string | null | undefined> {
    return (await tx.maybe<{ robot_id: string | null }>(LOCK_TASK, [taskId]))?.robot_id;
  }

  /** Writes a move. `stopId`: of the CANCEL that the robot is to be sent. */
  async write(
    tx: Tx,
    before: TaskRow,
    { task, step, dropsRest }: Move,
    details: { stopId?: string; reason?: string; order?: StepOrder },
  ): Promise<ChangedStep | undefined> {
    const { task_id: taskId, current_step: position } = before;
    const { stopId, reason, order } = details;
    let changed: ChangedStep | undefined;
    if (order !== undefined) {
      const { commandId, path, timeoutSeconds } = order;
      await tx.query(SEND_STEP, [taskId, position, commandId, path ?? null, timeoutSeconds]);
    } else if (step !== undefined) {
      changed = await tx.one<ChangedStep>(CHANGE_STEP, [taskId, position, step, reason ?? null]);
    }
    if (dropsRest) await tx.query(DROP_STEPS, [taskId]);
    await tx.query(CHANGE_TASK, [
      taskId,
      task.status,
      task.robotId,
      task.currentStep,
      task.pauseRequested,
      task.reason,
      task.errorCode,
      task.errorMessage,
      stopId ?? null,
    ]);
    return changed;
  }

  async trying(tx: Tx, commandId: string): Promise<void> {
    await tx.query(TRY_STEP, [commandId]);
  }

  /** The step is on the robot's socket, or the robot acknowledged it; counts once. */
  async delivered(commandId: string, tx: Tx = this.database): Promise<void> {
    await tx.query(STEP_DELIVERED, [commandId]);
  }

  async command(commandId: string): Promise<FoundCommand | undefined> {
    const row = await this.database.maybe<CommandRow>(FIND_COMMAND, [commandId]);
    return row && { taskId: row.task_id, wireStepId: row.wire_step_id, status: row.status };
  }
}
