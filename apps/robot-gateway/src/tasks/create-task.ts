import { Injectable } from '@nestjs/common';
import { taskChanged, taskCreate, type AskTaskCreate, type TaskCreated } from '@teleop/contracts';
import { Outbox, refuse } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { InjectConfig } from '@teleop/service-kit';
import { Fleet } from '../fleet/fleet';
import { LiveRobots } from '../telemetry/live-robots';
import { ChangeTask } from './change-task';
import { checkSteps } from './domain/check-steps';
import { demandsOf, exceededLimits, missingCapabilities, type Demands } from './domain/demands';
import { tourOf } from './domain/tour';
import type { TaskRow } from './task-record';
import type { TaskConfig } from './task-settings';
import { TaskStore } from './task-store';
import { progressOf } from './task-views';

const MOST_FAULTS_NAMED = 10;

/** Takes in a task, or says why no robot could ever run it. */
@Injectable()
export class CreateTask {
  constructor(
    private readonly database: Database,
    private readonly fleet: Fleet,
    private readonly live: LiveRobots,
    private readonly store: TaskStore,
    private readonly changes: ChangeTask,
    private readonly outbox: Outbox<'robot-gateway'>,
    @InjectConfig() private readonly config: TaskConfig,
  ) {}

  /** Throws the refusals of `taskCreate`. A task that is known is answered as it is now, whatever else is asked. */
  async run(ask: AskTaskCreate): Promise<TaskCreated> {
    const known = await this.store.find(ask.taskId);
    return createdOf(known ?? (await this.create(ask)));
  }

  private async create(ask: AskTaskCreate): Promise<TaskRow> {
    const faults = checkSteps(ask.steps).map(({ path, message }) => `${path} ${message}`);
    if (faults.length > 0) {
      throw refuse(taskCreate, 'step_payload_invalid', faults.slice(0, MOST_FAULTS_NAMED).join('; '));
    }
    const demands = demandsOf(ask.steps, ask.requiredCapabilities);
    if (typeof ask.robotId === 'string') this.checkRobot(ask.robotId, demands);
    else this.checkFleet(demands);
    const tour = tourOf(ask.steps);
    const { row, created } = await this.database.transaction(async (tx) => {
      const inserted = await this.store.insert(tx, ask, { demands, tour }, this.config.TASK_QUEUE_MAX);
      const found = await this.store.find(ask.taskId, tx);
      if (inserted && found !== undefined) await this.outbox.append(tx, taskChanged, progressOf(found));
      return { row: found, created: inserted };
    });
    if (row === undefined) throw refuse(taskCreate, 'task_queue_full', 'too many tasks wait for robots');
    if (created) this.changes.told(row);
    return row;
  }

  private checkRobot(robotId: string, demands: Demands): void {
    const robot = this.fleet.find(robotId);
    if (robot === undefined) throw refuse(taskCreate, 'robot_unknown', `there is no robot ${robotId}`);
    const missing = missingCapabilities(demands, robot);
    if (missing.length > 0) {
      throw refuse(taskCreate, 'capability_missing', `robot ${robotId} lacks ${missing.join(', ')}`);
    }
    const exceeded = exceededLimits(demands, robot);
    if (exceeded.length > 0) {
      throw refuse(taskCreate, 'limit_exceeded', `robot ${robotId}: ${exceeded.join('; ')}`);
    }
    if (!this.live.connected(robotId)) {
      throw refuse(taskCreate, 'robot_offline', `robot ${robotId} is not connected`);
    }
  }

  /** Which of them will be free is not known yet; that there is one which could, is. */
  private checkFleet(demands: Demands): void {
    const capable = [...this.fleet.all()].filter((robot) => missingCapabilities(demands, robot).length === 0);
    if (capable.length === 0) {
      const needed = demands.capabilities.join(', ');
      throw refuse(taskCreate, 'capability_missing', `no robot has all of ${needed}`);
    }
    if (!capable.some((robot) => exceededLimits(demands, robot).length === 0)) {
      const [first] = capable.flatMap((robot) => exceededLimits(demands, robot));
      throw refuse(taskCreate, 'limit_exceeded', `no robot may go so far: ${first}`);
    }
  }
}

function createdOf(row: TaskRow): TaskCreated {
  const robotId = row.robot_id ?? row.requested_robot_id;
  return { taskId: row.task_id, status: row.status, ...(robotId !== null && { robotId }) };
}
