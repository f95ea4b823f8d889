import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import type { CancelCommand } from '../commands/domain/robot-command';
import { ChangeTask, type Changed } from './change-task';
import { StopStore } from './stop-store';
import { TaskStore } from './task-store';

/** A task that was preempted, until it is committed. */
export interface Preempted {
  readonly changed: Changed;
  /** To be sent before anything else, as it is: its id is known. Undefined: the robot was at no step. */
  readonly cancel: (CancelCommand & { readonly id: string }) | undefined;
}

/** Tasks as whoever commands a robot by hand sees them. */
@Injectable()
export class Tasks {
  constructor(
    private readonly changes: ChangeTask,
    private readonly store: TaskStore,
    private readonly stops: StopStore,
  ) {}

  /**
   * The task that runs on the robot becomes PAUSED, and the step under way will be done again. The caller's transaction has
   * taken the robot's situation before. Undefined: no task ran.
   */
  async preempted(tx: Tx, robotId: string): Promise<Preempted | undefined> {
    const running = await this.store.onRobot(robotId, tx);
    if (running?.status !== 'RUNNING') return undefined;
    await this.store.lock(tx, running.task_id);
    const row = await this.store.find(running.task_id, tx);
    const changed = row && (await this.changes.applyIn(tx, row, { type: 'preempted' }));
    if (changed === undefined) return undefined;
    if (running.stop_command_id === changed.stop_command_id || changed.stop_command_id === null) {
      return { changed, cancel: undefined };
    }
    const id = changed.stop_command_id;
    await this.stops.trying(tx, [id]);
    return { changed, cancel: { command: 'CANCEL', id, taskId: changed.task_id } };
  }

  /** After the commit. `cancelSent`: its CANCEL is on the robot's socket; otherwise it is sent from here until it is. */
  async committed({ changed, cancel }: Preempted, cancelSent: boolean): Promise<void> {
    if (cancel !== undefined && cancelSent) await this.stops.sent([cancel.id]);
    this.changes.told(changed);
  }
}
