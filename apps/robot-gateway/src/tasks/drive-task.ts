import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { InjectConfig } from '@teleop/service-kit';
import { Commander } from '../commands/commander';
import type { ExecuteStepCommand } from '../commands/domain/robot-command';
import { LiveRobots } from '../telemetry/live-robots';
import { ChangeTask, type Changed, type HeldTask } from './change-task';
import { namedCommand } from '../telemetry/named-command';
import { nextAction, type RobotSaid, type RunningTask, type TaskTimes } from './domain/next-action';
import { timeoutOf } from './domain/step-time';
import { StopStore } from './stop-store';
import type { TaskRow } from './task-record';
import type { TaskConfig } from './task-settings';
import { TaskStore } from './task-store';
import { TaskTravel, type Way } from './task-travel';

interface Outcome {
  readonly changed?: Changed;
  /** The step to be sent now, under this epoch. */
  readonly send?: { readonly row: TaskRow; readonly epoch: number };
}

const FREE: Way = { kind: 'free' };
const NOTHING: Outcome = {};

/** Does what is to be done now about the task on a robot. Safe to be called at any time, on any replica, any number of times. */
@Injectable()
export class DriveTask {
  readonly #times: TaskTimes;

  constructor(
    private readonly changes: ChangeTask,
    private readonly store: TaskStore,
    private readonly stops: StopStore,
    private readonly travel: TaskTravel,
    private readonly commander: Commander,
    private readonly live: LiveRobots,
    @InjectConfig() private readonly config: TaskConfig,
  ) {
    this.#times = {
      retryMs: config.TASK_RETRY_MS,
      offlineMs: config.TASK_OFFLINE_MS,
      resendMs: config.TASK_RESEND_MS,
      remindMs: config.TASK_REMIND_MS,
      waitMs: config.TASK_WAIT_MS,
    };
  }

  async run(robotId: string): Promise<void> {
    const seen = await this.store.onRobot(robotId);
    if (seen?.status !== 'RUNNING') return;
    // Before the transaction: it reads what others have locked, over another connection.
    const way = await this.wayOf(robotId, seen);
    const outcome = await this.changes.hold(seen.task_id, (tx, held) => this.act(tx, held, seen, way));
    if (outcome?.changed !== undefined) this.changes.told(outcome.changed);
    if (outcome?.send !== undefined) await this.send(robotId, outcome.send.row, outcome.send.epoch);
  }

  private async wayOf(robotId: string, row: TaskRow): Promise<Way> {
    const leads =
      row.step_status === 'PENDING' && row.step_type === 'moveToPoint' && row.step_payload !== null;
    return leads ? this.travel.wayOf(robotId, row.step_payload) : FREE;
  }

  private async act(tx: Tx, { row, situation }: HeldTask, seen: TaskRow, way: Way): Promise<Outcome> {
    // Changed since the way was looked for: whoever changed it goes on from there.
    const { robot_id: robotId } = row;
    if (row.version !== seen.version || situation === undefined || robotId === null) return NOTHING;
    const { lease, lock, route, orderedMs } = situation;
    const action = nextAction(
      {
        status: row.status,
        step: attemptOf(row),
        waitingMs: row.waiting_ms ?? 0,
        held: lease.live || lock !== undefined,
        ordered: route !== undefined || this.saidNothingFor(robotId, orderedMs),
        stopping: (await this.stops.of(robotId, tx)).length > 0,
        robot: this.saidOf(robotId),
        way: way.kind,
      },
      this.#times,
    );
    switch (action.do) {
      case 'nothing':
        return NOTHING;
      case 'send': {
        const changed = await this.changes.applyIn(
          tx,
          row,
          { type: 'sent' },
          { order: this.orderOf(row, way) },
        );
        return changed === undefined ? NOTHING : { changed, send: { row: changed, epoch: lease.epoch } };
      }
      case 'send_again':
        if (row.command_id !== null) await this.store.trying(tx, row.command_id);
        return { send: { row, epoch: lease.epoch } };
      case 'wait':
        return { changed: await this.changes.applyIn(tx, row, { type: 'waits', reason: action.reason }) };
      case 'preempt':
        return { changed: await this.changes.applyIn(tx, row, { type: 'preempted' }) };
      case 'fail': {
        const { code, message } = action;
        const failed = { type: 'failed', code, message } as const;
        return { changed: await this.changes.applyIn(tx, row, failed, { reason: message }) };
      }
      default:
        return action satisfies never;
    }
  }

  private orderOf(row: TaskRow, way: Way) {
    const { path, etaSeconds } = way.kind === 'free' ? way : {};
    const step = { type: row.step_type ?? 'wait', requiredTimeSeconds: row.required_time_s };
    const timeoutSeconds = timeoutOf(step, etaSeconds, {
      travelSeconds: this.config.TASK_TRAVEL_S,
      factor: this.config.TASK_TIMEOUT_PERCENT / 100,
      marginSeconds: this.config.TASK_TIMEOUT_MARGIN_MS / 1_000,
    });
    return { commandId: randomUUID(), path, timeoutSeconds };
  }

  private saidOf(robotId: string): RobotSaid | undefined {
    const state = this.live.connected(robotId) ? this.live.stateOf(robotId) : undefined;
    return state && { driveMode: state['driveMode'], commandId: namedCommand(state)?.id };
  }

  /** A person's order this long ago is not answered by telemetry yet: what it said before is no news. */
  private saidNothingFor(robotId: string, orderedMs: number): boolean {
    return Number.isFinite(orderedMs) && this.live.ageMs(robotId) >= orderedMs;
  }

  /** After the commit that says so: dies this process here, another one sends the same command again. */
  private async send(robotId: string, row: TaskRow, epoch: number): Promise<void> {
    const command = commandOf(row);
    if (command === undefined) return;
    const delivery = await this.commander.deliver(robotId, [command], epoch);
    if (delivery === 'sent') {
      await this.store.delivered(command.id);
      if (row.reason !== null) await this.ofCommand(row.task_id, command.id, { type: 'reached' });
    } else if (delivery === 'away' && row.reason !== 'robot_offline') {
      await this.ofCommand(row.task_id, command.id, { type: 'waits', reason: 'robot_offline' });
    }
    // `stale`: somebody took the robot, and the next look finds out. `unknown`: it is sent again.
  }

  private async ofCommand(
    taskId: string,
    commandId: string,
    event: { type: 'reached' } | { type: 'waits'; reason: 'robot_offline' },
  ): Promise<void> {
    const changed = await this.changes.hold(taskId, async (tx, { row }) =>
      row.command_id === commandId ? this.changes.applyIn(tx, row, event) : undefined,
    );
    if (changed !== undefined) this.changes.told(changed);
  }
}

function attemptOf(row: TaskRow): RunningTask['step'] {
  if (row.step_status === null) return undefined;
  return {
    status: row.step_status,
    commandId: row.command_id,
    sentMs: row.step_sent_ms ?? undefined,
    triedMs: row.step_tried_ms ?? undefined,
    delivered: row.step_delivered,
    overdue: row.step_overdue,
  };
}

function commandOf(row: TaskRow): ExecuteStepCommand | undefined {
  const { command_id: id, wire_step_id: stepId, step_type: type, step_payload: payload, timeout_s } = row;
  if (id === null || stepId === null || type === null || payload === null || timeout_s === null)
    return undefined;
  return {
    command: 'EXECUTE_STEP',
    id,
    taskId: row.task_id,
    stepId,
    step: {
      type,
      payload,
      ...(row.required_time_s !== null && { requiredTimeSeconds: row.required_time_s }),
    },
    ...(row.path !== null && { path: row.path }),
    timeoutSeconds: timeout_s,
  };
}
