import { rmSync } from 'node:fs';
import path from 'node:path';
import { InfraError, requireFreeSpace, startInfra, tryAcquire, type Infra } from '@teleop/infra';
import { stackEnvironment } from './environment';
import { presentServices, workspaceLayout, type Layout } from './layout';
import { LogFiles } from './log/log-files';
import { choosePorts, robotDiscoveryPort } from './ports';
import { demoRoom } from './services/demo-room';
import { prepareDatabase } from './services/prepare-database';
import { recognitionParts } from './services/recognition-parts';
import { simulatedModel } from './services/simulated-model';
import { startServices } from './services/start-services';
import { startSimulators } from './services/start-simulators';
import { serviceUrls } from './services/service-urls';
import { GATEWAY } from './services';
import { stackFile, writeStackFile } from './stack-file';
import type { Child, ChildContext } from './supervise/child';
import { ChildPidfiles } from './supervise/child-pidfiles';
import { InfraWatch } from './supervise/infra-watch';
import type { Stack, StackOptions } from './types';

/** Ctrl-C has 5 s in all: this for the services, the rest for the servers below them. */
const SERVICE_GRACE_MS = 3_500;
const INFRA_GRACE_MS = 1_000;
const READY_TIMEOUT_MS = 90_000;
const RUNNING_MB = 64;
const RECOGNITION = 'recognition-service';

/** The whole product on this machine. Resolves when every service answers 200 on /readyz. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = path.resolve(options.dataDir);
  requireFreeSpace(dataDir, RUNNING_MB, 'the data folder');
  const lock = tryAcquire(path.join(dataDir, 'run', 'stack.lock'));
  if ('holder' in lock) {
    throw new InfraError(
      `A stack runs already on ${dataDir} (launcher pid ${lock.holder.pid}). Stop it first, or choose another folder with --data.`,
    );
  }
  const launch = new Launch(dataDir, options, lock.release);
  try {
    return await launch.run();
  } catch (error) {
    await launch.stop();
    throw error;
  }
}

class Launch {
  private readonly children: Child[] = [];
  private infra: Infra | null = null;
  private watch: InfraWatch | null = null;
  private stopped: Promise<void> | null = null;
  private readonly layout: Layout;
  private readonly caller: NodeJS.ProcessEnv;

  constructor(
    private readonly dataDir: string,
    private readonly options: StackOptions,
    private readonly release: () => void,
  ) {
    this.layout = options.layout ?? workspaceLayout();
    this.caller = { ...process.env, ...options.env };
  }

  async run(): Promise<Stack> {
    const { options, dataDir, layout, caller } = this;
    rmSync(stackFile(dataDir), { force: true }); // a crashed launcher's: nothing in it is true any more
    const context: ChildContext = {
      logs: new LogFiles(path.join(dataDir, 'logs')),
      pidfiles: new ChildPidfiles(dataDir),
      onLine: options.onLine ?? (() => undefined),
      onNotice: this.notice,
    };
    const services = presentServices(layout);
    const ports = await this.step('ports', async () => {
      const left = await context.pidfiles.endLeftovers();
      if (left.length > 0) this.notice(`ended what an earlier launcher left behind: ${left.join(', ')}`);
      return choosePorts(services, options.basePort ?? 0, this.notice);
    });
    const hasRecognition = services.some(({ name }) => name === RECOGNITION);
    const [infra, recognition] = await Promise.all([
      this.step('PostgreSQL, NATS, Redis', () =>
        startInfra({ dataDir, env: caller, onProgress: this.notice }),
      ),
      hasRecognition ? recognitionParts(caller, this.notice) : {},
    ]);
    this.infra = infra;
    this.watch = new InfraWatch(infra, this.notice);
    const model = await simulatedModel(layout, ports, caller);
    const env = {
      ...stackEnvironment(
        {
          ...infra,
          serviceUrls: serviceUrls(ports),
          robotDiscoveryPort: robotDiscoveryPort(options.basePort ?? 0),
        },
        caller,
      ),
      ...model?.env,
      ...recognition,
    };
    const common = { layout, context, env, caller, signal: options.signal };
    await prepareDatabase({ ...common, services, demo: options.demo ?? false, step: this.step });
    if (model !== null) {
      this.notice(model.notice);
      if (model.start !== undefined) this.children.push(model.start(env, context));
    }
    const running = await this.step('services', () =>
      startServices({
        ...common,
        services,
        ports,
        replicas: options.replicas ?? {},
        onReplica: options.onReplica ?? (() => undefined),
        readyTimeoutMs: options.readyTimeoutMs ?? READY_TIMEOUT_MS,
        children: this.children,
      }),
    );
    if (options.simulators) {
      await this.step('simulators', () => startSimulators({ ...common, ports, children: this.children }));
      const room = await demoRoom(layout, ports, caller);
      if (room !== null) {
        this.children.push(room.start(env, context));
        this.notice(room.notice);
      }
    }
    this.options.signal?.throwIfAborted();
    const stack: Stack = {
      gateway: running.urls[GATEWAY]?.[0] ?? '',
      services: running.urls,
      databaseUrl: infra.databaseUrl,
      natsUrl: infra.natsUrl,
      redisUrl: infra.redisUrl,
      env,
      processes: running.processes,
      infra,
      stop: () => this.stop(),
    };
    writeStackFile(dataDir, stack);
    return stack;
  }

  /** Services before servers: they may have to write down what they know. Safe to call twice. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  private async stopAll(): Promise<void> {
    rmSync(stackFile(this.dataDir), { force: true });
    this.watch?.stop();
    await Promise.all(this.children.map((child) => child.stop(SERVICE_GRACE_MS)));
    await this.infra?.stop({ withinMs: INFRA_GRACE_MS });
    this.release();
  }

  private readonly notice = (line: string): void => this.options.onNotice?.(line);

  private readonly step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    this.options.signal?.throwIfAborted();
    const begun = performance.now();
    const result = await work();
    this.options.onStep?.({ name, ms: performance.now() - begun });
    return result;
  };
}
