import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { taskChanged } from '@teleop/contracts';
import { Outbox, type Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { RobotSituations, type RobotSituation } from '../lease/robot-situation';
import { RobotHints } from '../replicas/robot-hints';
import { move, type TaskEvent } from './domain/task-machine';
import { isOver } from './domain/task-status';
import { TaskMetrics } from './task-metrics';
import { stateOf, type TaskRow } from './task-record';
import { TaskStore, type StepOrder } from './task-store';
import { progressOf } from './task-views';

/** A task that the transaction which reads it holds, together with its robot when it has one. */
export interface HeldTask {
  readonly row: TaskRow;
  readonly situation: RobotSituation | undefined;
}

export interface MoveDetails {
  /** What is said of the step, when it ends. */
  readonly reason?: string;
  /** How the step is sent, when it is. */
  readonly order?: StepOrder;
}

/** What changed, to be told once it is committed. */
export type Changed = Pick<TaskRow, 'task_id' | 'robot_id' | 'status' | 'stop_command_id'>;
type Listener = (changed: Changed) => void;

const MOVED = Symbol('moved');

/**
 * Every change of a task goes through here: its robot's row is taken first, then its own; the machine decides, the change and
 * its announcement are written together. Whoever opened the transaction calls `told` once it is committed.
 */
@Injectable()
export class ChangeTask {
  readonly #listeners: Listener[] = [];

  constructor(
    private readonly database: Database,
    private readonly store: TaskStore,
    private readonly situations: RobotSituations,
    private readonly outbox: Outbox<'robot-gateway'>,
    private readonly hints: RobotHints,
    private readonly metrics: TaskMetrics,
  ) {}

  /** Calls back on this replica after each change. */
  onChanged(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** In a transaction with the task held. Undefined: there is no such task. */
  async hold<T>(taskId: string, work: (tx: Tx, held: HeldTask) => Promise<T>): Promise<T | undefined> {
    for (;;) {
      const robotId = await this.store.robotOf(taskId);
      if (robotId === undefined) return undefined;
      const result = await this.database.transaction(async (tx) => {
        const situation = robotId === null ? undefined : await this.situations.take(tx, robotId);
        const now = await this.store.lock(tx, taskId);
        // It found its robot meanwhile, whose row must be taken first. That happens once.
        if (now !== undefined && now !== robotId) return MOVED;
        const row = await this.store.find(taskId, tx);
        return row && work(tx, { row, situation });
      });
      if (result !== MOVED) return result;
    }
  }

  /** Applies one event and tells of it. The task as it is then; undefined: there is no such task. */
  async apply(taskId: string, event: TaskEvent, details: MoveDetails = {}): Promise<TaskRow | undefined> {
    const result = await this.hold(taskId, async (tx, { row }) => {
      const changed = await this.applyIn(tx, row, event, details);
      return { row: changed ?? row, changed };
    });
    if (result?.changed !== undefined) this.told(result.changed);
    return result?.row;
  }

  /** The task after the event; undefined when the event changes nothing. The caller holds the task. */
  async applyIn(
    tx: Tx,
    row: TaskRow,
    event: TaskEvent,
    details: MoveDetails = {},
  ): Promise<TaskRow | undefined> {
    const next = move(stateOf(row), event);
    if (next === undefined) return undefined;
    const stopId = next.stops ? randomUUID() : undefined;
    const step = await this.store.write(tx, row, next, { ...details, stopId });
    const after = await this.store.find(row.task_id, tx);
    if (after === undefined) throw new Error(`task ${row.task_id} is gone while it is held`);
    await this.outbox.append(tx, taskChanged, progressOf(after));
    this.metrics.moved(next, step);
    return after;
  }

  /** After the commit: sends the announcement on its way, and wakes whoever goes on from here. */
  told(changed: Changed): void {
    this.outbox.poke();
    const { robot_id: robotId, status } = changed;
    // Others wait for the robot to have nothing in hand.
    if (robotId !== null && isOver(status)) this.hints.give(robotId, 'tasks');
    for (const listener of this.#listeners) listener(changed);
  }
}
