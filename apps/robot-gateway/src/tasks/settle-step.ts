import { Inject, Injectable } from '@nestjs/common';
import { isUuid } from '@teleop/contracts';
import { LOGGER, Logger } from '@teleop/service-kit';
import type { RobotAck } from '../commands/robot-acks';
import type { StepResult } from '../events/robot-events';
import { ChangeTask, type HeldTask } from './change-task';
import type { NamedCommand } from '../telemetry/named-command';
import type { TaskEvent } from './domain/task-machine';
import { StopSteps } from './stop-steps';
import { TaskStore } from './task-store';

interface Said {
  readonly event: TaskEvent;
  readonly reason?: string;
}

const MAX_REASON = 1_024;
/** So begins the reason of a robot that takes no step now, and will later. */
const BUSY = /^BUSY\b/i;

/**
 * What robots say of steps: acknowledgements, results, the command that their telemetry names. Each may come twice, late, out
 * of order, or never: it counts when it is about the step that is under way, on the robot that says so.
 */
@Injectable()
export class SettleStep {
  constructor(
    private readonly changes: ChangeTask,
    private readonly store: TaskStore,
    private readonly stops: StopSteps,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws when the database is away: the robot is told to try again. */
  async result({ robotId, taskId, stepId, outcome, reason }: StepResult): Promise<void> {
    const said = outcome === 'done' ? DONE : failedBy(reason);
    await this.settle(taskId, said, (row) => row.robot_id === robotId && row.wire_step_id === stepId);
  }

  async acknowledged({ robotId, id, accepted, reason }: RobotAck): Promise<void> {
    if (!isUuid(id)) return;
    const commandId = id.toLowerCase();
    const found = await this.store.command(commandId);
    if (found === undefined) await this.stops.acknowledged(commandId);
    else {
      const said = accepted ? ACKNOWLEDGED : refusedBy(reason);
      await this.settle(
        found.taskId,
        said,
        (row) => row.robot_id === robotId && row.command_id === commandId,
      );
    }
  }

  /** Telemetry names the command that the robot is at, or was at last. */
  async named(robotId: string, { id, status }: NamedCommand): Promise<void> {
    if (!isUuid(id)) return;
    const said = saidBy(status);
    const commandId = id.toLowerCase();
    const found = said && (await this.store.command(commandId));
    if (said === undefined || found === undefined) return;
    await this.settle(found.taskId, said, (row) => row.robot_id === robotId && row.command_id === commandId);
  }

  private async settle(
    taskId: string,
    { event, reason }: Said,
    concerns: (row: HeldTask['row']) => boolean,
  ): Promise<void> {
    const changed = await this.changes.hold(taskId, async (tx, { row }) => {
      if (!concerns(row)) return undefined;
      // Whoever acknowledges has got it, whatever we know of how it was sent.
      if (event.type === 'acknowledged' && row.command_id !== null)
        await this.store.delivered(row.command_id, tx);
      return this.changes.applyIn(tx, row, event, { reason });
    });
    if (changed === undefined) this.log.debug({ taskId, event: event.type }, 'said of a step, and no news');
    else this.changes.told(changed);
  }
}

const DONE: Said = { event: { type: 'step_done' } };
const ACKNOWLEDGED: Said = { event: { type: 'acknowledged' } };

function failedBy(said: string | undefined): Said {
  const reason = (said || 'the robot gave no reason').slice(0, MAX_REASON);
  return { event: { type: 'step_failed', code: 'step_failed', message: reason }, reason };
}

function refusedBy(said: string | undefined): Said {
  const reason = (said || 'the robot gave no reason').slice(0, MAX_REASON);
  if (BUSY.test(reason)) return { event: { type: 'robot_was_busy' }, reason };
  return { event: { type: 'step_failed', code: 'step_refused', message: reason }, reason };
}

function saidBy(status: unknown): Said | undefined {
  switch (status) {
    case 'RUNNING':
      return ACKNOWLEDGED;
    case 'DONE':
      return DONE;
    case 'FAILED':
    case 'CANCELED':
      return failedBy(`the robot reports it ${status}`);
    default:
      return undefined;
  }
}
