import { randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import {
  describeRobot,
  eventSubject,
  planPath,
  robotStatuses,
  taskCancel,
  taskChanged,
  taskCreate,
  taskGet,
  taskPause,
  taskResume,
  type AskPlan,
  type AskRobot,
  type AskRobotStatuses,
  type AskTask,
  type AskTaskCreate,
  type PlanAnswer,
  type RequestDeclaration,
  type RobotDescription,
  type TaskProgress,
} from '@teleop/contracts';
import { ensureStream, HEADERS } from '@teleop/messaging';

interface FakeTask {
  readonly ask: AskTaskCreate;
  progress: TaskProgress;
}

class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

const OVER = new Set(['DONE', 'FAILED', 'CANCELED']);

/** robot-gateway as teach-service sees it: robots, paths and tasks that do what the test says. */
export class FakeRobotGateway {
  readonly robots = new Map<string, RobotDescription>();
  readonly tasks = new Map<string, FakeTask>();
  /** What robots say of where they are. */
  readonly whereabouts = new Map<string, Record<string, unknown>>();
  /** Questions to make a task, also those about one that is known. */
  readonly creates: AskTaskCreate[] = [];
  /** Set: every task is refused with this code. */
  refuseTasks: string | undefined;
  /** Set: the task is made, and the answer is lost. */
  loseAnswers = false;
  plan: (ask: AskPlan) => PlanAnswer | string = () => 'node_unknown';

  private constructor(readonly nc: NatsConnection) {}

  static async connect(natsUrl: string): Promise<FakeRobotGateway> {
    const nc = await connect({
      servers: new URL(natsUrl).host,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    await ensureStream(await jetstreamManager(nc), 'ROBOTS');
    const robots = new FakeRobotGateway(nc);
    robots.robot('table1', {});
    await robots.listen();
    return robots;
  }

  robot(robotId: string, described: Partial<RobotDescription>): void {
    const capabilities = { hasGrip: true, hasRotate: true, hasTelescope: true, hasHoist: true };
    this.robots.set(robotId, {
      robotId,
      name: robotId,
      connected: true,
      capabilities,
      limits: {},
      ...described,
    });
  }

  /** A change of a task, announced as robot-gateway does; `announced: false` keeps the news back. */
  async move(
    taskId: string,
    change: Partial<TaskProgress>,
    { announced = true }: { announced?: boolean } = {},
  ): Promise<TaskProgress> {
    const task = this.taskOf(taskId);
    task.progress = { ...task.progress, ...change, version: task.progress.version + 1 };
    if (announced) await this.announce(task.progress);
    return task.progress;
  }

  async announce(progress: TaskProgress): Promise<void> {
    const h = headers();
    h.set(HEADERS.event, taskChanged.name);
    h.set(HEADERS.occurredAt, new Date().toISOString());
    const options = { msgID: randomUUID(), headers: h };
    await jetstream(this.nc).publish(eventSubject(taskChanged, progress), JSON.stringify(progress), options);
  }

  async close(): Promise<void> {
    await this.nc.close();
  }

  /** robot-gateway is away until the returned function is called. */
  away(): () => Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    return () => this.listen();
  }

  /** Answers one more request; returns when the server knows. */
  async answer<A extends object>(
    request: RequestDeclaration,
    reply: (ask: A) => object | Promise<object> | undefined,
  ): Promise<void> {
    const subscription = this.nc.subscribe(request.subject, {
      callback: (error, message) => {
        if (error !== null) throw error;
        void Promise.resolve()
          .then(() => reply(message.json<A>()))
          .then(
            (ok) => ok && message.respond(JSON.stringify({ ok })),
            ({ code, message: detail }: Refused) =>
              message.respond(JSON.stringify(code ? { refused: { code, detail } } : { failed: detail })),
          );
      },
    });
    this.#stops.push(() => subscription.unsubscribe());
    await this.nc.flush();
  }

  refuse(code: string): never {
    throw new Refused(code);
  }

  readonly #stops: (() => void)[] = [];

  private async listen(): Promise<void> {
    await this.answer<AskRobot>(
      describeRobot,
      ({ robotId }) => this.robots.get(robotId) ?? this.refuse('robot_unknown'),
    );
    await this.answer<AskPlan>(planPath, (ask) => {
      const plan = this.plan(ask);
      return typeof plan === 'string' ? this.refuse(plan) : plan;
    });
    await this.answer<AskRobotStatuses>(robotStatuses, ({ robotIds = [] }) => ({
      statuses: robotIds.map((robotId) => ({
        robotId,
        version: 1,
        status: this.whereabouts.get(robotId) ?? {},
      })),
    }));
    await this.answer<AskTaskCreate>(taskCreate, (ask) => this.create(ask));
    await this.answer<AskTask>(taskGet, ({ taskId }) => this.detail(taskId));
    await this.answer<AskTask>(taskCancel, ({ taskId }) => this.command(taskId, { status: 'CANCELED' }));
    await this.answer<AskTask>(taskPause, ({ taskId }) => {
      if (this.taskOf(taskId).progress.status === 'QUEUED') this.refuse('task_not_started');
      return this.command(taskId, { status: 'PAUSED', reason: 'requested' });
    });
    await this.answer<AskTask>(taskResume, ({ taskId }) =>
      this.command(taskId, { status: 'RUNNING', reason: null }),
    );
  }

  private create(ask: AskTaskCreate): object | undefined {
    this.creates.push(ask);
    if (this.refuseTasks !== undefined) this.refuse(this.refuseTasks);
    const { taskId, missionId, robotId, steps } = ask;
    const known = this.tasks.get(taskId);
    const progress = known?.progress ?? {
      taskId,
      missionId,
      status: 'QUEUED' as const,
      ...(typeof robotId === 'string' && { robotId }),
      currentStep: 0,
      totalSteps: steps.length,
      version: 1,
    };
    this.tasks.set(taskId, { ask, progress });
    if (this.loseAnswers) return undefined;
    return { taskId, status: progress.status, ...(progress.robotId && { robotId: progress.robotId }) };
  }

  private async command(taskId: string, change: Partial<TaskProgress>): Promise<TaskProgress> {
    const { progress } = this.taskOf(taskId);
    if (progress.status === change.status) return progress;
    if (OVER.has(progress.status)) this.refuse('task_over');
    return this.move(taskId, change);
  }

  private detail(taskId: string): object {
    const { ask, progress } = this.taskOf(taskId);
    const at = new Date().toISOString();
    return {
      ...progress,
      requestedRobotId: ask.robotId ?? null,
      requiredCapabilities: ask.requiredCapabilities,
      pauseRequested: false,
      createdBy: ask.createdBy,
      createdAt: at,
      startedAt: null,
      finishedAt: null,
      steps: [],
    };
  }

  private taskOf(taskId: string): FakeTask {
    return this.tasks.get(taskId) ?? this.refuse('task_unknown');
  }
}
