import { randomUUID } from 'node:crypto';
import {
  taskCancel,
  taskChanged,
  taskCreate,
  taskGet,
  taskPause,
  taskResume,
  eventFilter,
  type AskTaskCreate,
  type RequestDeclaration,
  type TaskDetail,
  type TaskProgress,
} from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { apiOf, apiUser } from '../testing/api.spec-support';
import { openPeer, type Peer } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';

export interface Order {
  readonly command: string;
  readonly id: string;
  readonly taskId: string;
  readonly stepId: string;
  readonly step: { type: string; payload: Record<string, unknown>; requiredTimeSeconds?: number };
  readonly path?: string[];
  readonly timeoutSeconds: number;
  readonly lease: { epoch: number; seq: number };
}

// Answers are looked at by the tests, which say what they expect.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answer = { readonly ok?: any; readonly refused?: { code: string; detail: string } };

interface Behaviour {
  /** `auto`: acknowledges and does each step at once. */
  mode: 'auto' | 'acks' | 'silent';
}

/** A robot whose every move the test decides, over its real sockets. */
export class FakeRobot {
  peer: Peer | undefined;
  readonly started: Order[] = [];
  readonly #had = new Set<string>();
  behaviour: Behaviour = { mode: 'auto' };
  state: Record<string, unknown> = {
    systemHealth: 'OK',
    batteryLevel: 90,
    driveMode: 'IDLE',
    cargoStatus: 'EMPTY',
    currentPosition: 'Home',
  };

  constructor(
    private readonly g: Gateway,
    readonly robotId: string,
    readonly key: string,
  ) {}

  async connect(replica = 0, url?: string): Promise<void> {
    const at = url ?? this.g.replicas[replica]!.url;
    this.peer = await openPeer(`${at}/ws/robot/control?robotId=${this.robotId}&lease=announce`, {
      'x-api-key': this.key,
    });
    this.g.track(this.peer);
    this.peer.ws.on('message', (data: Buffer) => this.hear(JSON.parse(data.toString()) as Order));
  }

  async report(fields: Record<string, unknown> = {}, replica = 0): Promise<void> {
    this.state = { ...this.state, ...fields };
    const { robotId, key } = this;
    const answer = await apiOf(this.g).asRobot('/table/state', this.state, { robotId, key }, replica);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  async result(
    { taskId, stepId }: Pick<Order, 'taskId' | 'stepId'>,
    event: 'STEP_DONE' | 'STEP_FAILED' = 'STEP_DONE',
    options: { reason?: string; replica?: number } = {},
  ): Promise<number> {
    const { robotId, key } = this;
    const body = { event, timestamp: new Date().toISOString(), taskId, stepId, reason: options.reason };
    const answer = await apiOf(this.g).asRobot('/table/event', body, { robotId, key }, options.replica ?? 0);
    return answer.status;
  }

  /** Every EXECUTE_STEP that came, repeated ones too. */
  orders(): Order[] {
    return this.commands('EXECUTE_STEP');
  }

  commands(command: string): Order[] {
    return ((this.peer?.frames() ?? []) as unknown as Order[]).filter((frame) => frame.command === command);
  }

  async order(count: number): Promise<Order> {
    return waitFor(`step ${count} at ${this.robotId}`, () => this.started[count - 1]);
  }

  ack(id: string, accepted = true, reason?: string): void {
    this.peer?.send({ type: 'ack', id, accepted, reason });
  }

  private hear(order: Order): void {
    const { mode } = this.behaviour;
    if (order.command === 'CANCEL' && mode !== 'silent') this.ack(order.id);
    if (order.command !== 'EXECUTE_STEP') return;
    if (mode !== 'silent') this.ack(order.id);
    if (this.#had.has(order.id)) return;
    this.#had.add(order.id);
    this.started.push(order);
    if (mode === 'auto') void this.result(order);
  }
}

export const node = (nodeId: string) => ({
  stepId: randomUUID(),
  type: 'moveToPoint' as const,
  payload: { destination: { nodeId } },
});
export const hoist = (targetMm: number) => ({
  stepId: randomUUID(),
  type: 'hoist' as const,
  payload: { targetMm },
  requiredTimeSeconds: 1,
});
export const pause = () => ({
  stepId: randomUUID(),
  type: 'wait' as const,
  payload: {},
  requiredTimeSeconds: 1,
});

/** Quick enough for tests, slow enough for a busy machine. */
const QUICK = {
  TASK_SWEEP_MS: '50',
  TASK_RETRY_MS: '50',
  TASK_RESEND_MS: '400',
  TASK_REMIND_MS: '800',
  TASK_STOP_ACK_MS: '200',
};

export async function setupTasks(options: { replicas?: number; env?: Record<string, string> } = {}) {
  const g = await setupGateway({ ...options, env: { ...QUICK, ...options.env } });
  const api = apiOf(g);
  const admin = apiUser('Admin');
  const operator = apiUser('Operator');
  const viewer = apiUser('Viewer');
  const changes: TaskProgress[] = [];
  g.queue.nc.subscribe(eventFilter(taskChanged), {
    callback: (_error, message) => void changes.push(message.json<TaskProgress>()),
  });
  await g.queue.nc.flush();
  let robots = 0;
  const ask = async (request: RequestDeclaration, body: object): Promise<Answer> =>
    (await g.queue.nc.request(request.subject, JSON.stringify(body), { timeout: 5_000 })).json<Answer>();
  const get = async (taskId: string): Promise<TaskDetail> =>
    (await ask(taskGet, { taskId })).ok as TaskDetail;

  return {
    ...g,
    g,
    api,
    admin,
    operator,
    viewer,
    changes,
    ask,
    get,
    changesOf: (taskId: string) => changes.filter((change) => change.taskId === taskId),
    cancel: (taskId: string) => ask(taskCancel, { taskId }),
    pause: (taskId: string) => ask(taskPause, { taskId }),
    resume: (taskId: string) => ask(taskResume, { taskId }),
    /** A robot that is registered, connected and idle, unless told otherwise. */
    newRobot: async (
      options: {
        capabilities?: object;
        limits?: object;
        at?: string;
        replica?: number;
        online?: boolean;
        mode?: Behaviour['mode'];
      } = {},
    ): Promise<FakeRobot> => {
      const robotId = `bot${(robots += 1)}`;
      const { capabilities = {}, limits = {}, at = 'Home', replica = 0 } = options;
      const made = await api.post('/api/v1/robots', admin, { robotId, name: robotId, capabilities, limits });
      if (made.status !== 201) throw new Error(JSON.stringify(made.body));
      const robot = new FakeRobot(g, robotId, made.body.apiKey as string);
      robot.behaviour.mode = options.mode ?? 'auto';
      robot.state = { ...robot.state, currentPosition: at };
      if (options.online === false) return robot;
      await robot.connect(replica);
      await robot.report({}, replica);
      // Every replica may be asked to take a task for it.
      for (const [index] of g.replicas.entries()) {
        await waitFor('all replicas to know the robot', async () => {
          const answer = await api.get(`/api/v1/robots/${robotId}`, admin, index);
          return answer.body?.connected === true;
        });
      }
      return robot;
    },
    create: (steps: object[], more: Partial<AskTaskCreate> = {}): Promise<Answer> =>
      ask(taskCreate, {
        taskId: randomUUID(),
        missionId: randomUUID(),
        requiredCapabilities: [],
        createdBy: randomUUID(),
        steps,
        ...more,
      }),
    reaches: async (taskId: string, status: string, timeoutMs?: number): Promise<TaskDetail> =>
      waitFor(
        `task to be ${status}`,
        async () => {
          const task = await get(taskId);
          return task?.status === status ? task : undefined;
        },
        { timeoutMs },
      ).catch(async (error: unknown) => {
        throw new Error(`not ${status}: ${JSON.stringify(await get(taskId))}`, { cause: error });
      }),
  };
}

export type TaskWorld = Awaited<ReturnType<typeof setupTasks>>;
