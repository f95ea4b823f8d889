import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Fleet } from '../fleet/fleet';
import type { RobotRecord } from '../fleet/robot-record';
import { RobotSituations } from '../lease/robot-situation';
import { LiveRobots } from '../telemetry/live-robots';
import { ChangeTask, type Changed } from './change-task';
import { chooseRobot, type Candidate } from './domain/choose-robot';
import { canServe, type Demands } from './domain/demands';
import { READ_OCCUPIED, READ_QUEUE } from './sql/assignment.sql';
import { StopStore } from './stop-store';
import { TaskStore } from './task-store';
import { TaskTravel } from './task-travel';

interface WaitingTask {
  readonly task_id: string;
  readonly requested_robot_id: string | null;
  readonly demands: Demands;
  readonly tour: readonly string[];
}

type Attempt = Changed | 'task_gone' | 'robot_gone';
type Idle = Map<string, RobotRecord>;

/**
 * Gives waiting tasks to idle robots, the oldest first; a task that none can serve now holds up no other. Any number of
 * replicas may do it at once: who decides is the robot's row, then the task's.
 */
@Injectable()
export class AssignTasks {
  constructor(
    private readonly database: Database,
    private readonly fleet: Fleet,
    private readonly live: LiveRobots,
    private readonly travel: TaskTravel,
    private readonly situations: RobotSituations,
    private readonly stops: StopStore,
    private readonly store: TaskStore,
    private readonly changes: ChangeTask,
  ) {}

  async run(): Promise<void> {
    const queue = await this.database.query<WaitingTask>(READ_QUEUE);
    if (queue.length === 0) return;
    const idle = await this.idleRobots();
    for (const task of queue) {
      if (idle.size === 0) return;
      await this.findRobot(task, idle);
    }
  }

  private async idleRobots(): Promise<Idle> {
    const occupied = new Set(
      (await this.database.query<{ robot_id: string }>(READ_OCCUPIED)).map((row) => row.robot_id),
    );
    const free = [...this.fleet.all()].filter(
      ({ robotId }) => !occupied.has(robotId) && this.isIdle(robotId),
    );
    return new Map(free.map((robot) => [robot.robotId, robot]));
  }

  private isIdle(robotId: string): boolean {
    return this.live.connected(robotId) && this.live.stateOf(robotId)?.['driveMode'] === 'IDLE';
  }

  private async findRobot(task: WaitingTask, idle: Idle): Promise<void> {
    for (;;) {
      const robotId = await this.choose(task, idle);
      if (robotId === undefined) return;
      const attempt = await this.attempt(task.task_id, robotId);
      if (attempt === 'task_gone') return;
      idle.delete(robotId);
      if (attempt === 'robot_gone') continue;
      this.changes.told(attempt);
      return;
    }
  }

  private async choose(task: WaitingTask, idle: Idle): Promise<string | undefined> {
    const { requested_robot_id: requested } = task;
    const able = [...idle.values()].filter(
      (robot) => (requested === null || robot.robotId === requested) && canServe(task.demands, robot),
    );
    // Asked for by name: it waits for its way on its robot, like any other step.
    if (requested !== null || able.length === 0) return able[0]?.robotId;
    const candidates = await Promise.all(able.map(({ robotId }) => this.candidate(robotId, task.tour)));
    return chooseRobot(candidates.filter((candidate) => candidate !== undefined));
  }

  /** Undefined when others are in its way. */
  private async candidate(robotId: string, tour: readonly string[]): Promise<Candidate | undefined> {
    const [first] = tour;
    if (first === undefined) return { robotId, travelSeconds: 0 };
    const way = this.travel.way(robotId, first, await this.travel.blockedFor(robotId));
    if (way.kind === 'blocked') return undefined;
    const { etaSeconds } = way;
    return {
      robotId,
      travelSeconds:
        etaSeconds === undefined ? undefined : etaSeconds + this.travel.tourSeconds(robotId, tour),
    };
  }

  private attempt(taskId: string, robotId: string): Promise<Attempt> {
    return this.database.transaction<Attempt>(async (tx) => {
      const { lease, lock, route, taskId: other, orderedMs } = await this.situations.take(tx, robotId);
      const taken = lease.live || lock !== undefined || route !== undefined || other !== undefined;
      // It was IDLE before a person sent it somewhere: whether it still is it has to say.
      const idle = this.isIdle(robotId) && this.live.ageMs(robotId) < orderedMs;
      if (taken || !idle || (await this.stops.of(robotId, tx)).length > 0) return 'robot_gone';
      if ((await this.store.lock(tx, taskId)) !== null) return 'task_gone';
      const row = await this.store.find(taskId, tx);
      const changed = row && (await this.changes.applyIn(tx, row, { type: 'assigned', robotId }));
      return changed ?? 'task_gone';
    });
  }
}
