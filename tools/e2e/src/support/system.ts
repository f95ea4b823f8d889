import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ArmRobot } from '@teleop/sim-arm-robot';
import { GATEWAY, SERVICES, startStack, type Stack } from '@teleop/stack';
import { TeleopData, type TestUser } from '@teleop/testing';
import { Balancer } from './balancer';
import { Watcher } from './watcher';

export interface System {
  readonly stack: Stack;
  /** What stands in front of each service's replicas; empty unless asked for. */
  readonly balancers: ReadonlyMap<string, Balancer>;
  readonly data: TeleopData;
  readonly arms: readonly ArmRobot[];
  /** Everything the processes wrote, for grepping. */
  readonly lines: readonly string[];
  /** Crashes and restarts the supervisor told of. */
  readonly notices: readonly string[];
  /** Somebody who looks at a robot's queue until the system is closed. */
  watch(user: TestUser, robotId: string): Watcher;
  close(): Promise<void>;
}

export interface SystemOptions {
  readonly env?: Record<string, string>;
  readonly replicas?: Record<string, number>;
  /** So many replicas of every service, each behind a load balancer; the stack's gateway is then the gateways' balancer. */
  readonly balanced?: number;
  /** Ids of simulated arms; rows are made for those that are not there. */
  readonly arms?: readonly string[];
}

/** The whole suite as `npm start` runs it, on free ports and servers of its own, with simulated arms connected. */
export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'teleop-e2e-'));
  const lines: string[] = [];
  const notices: string[] = [];
  const balancers = new Map<string, Balancer>();
  const balanced: Record<string, string> = {};
  if (options.balanced !== undefined) {
    for (const { name, urlVariable } of SERVICES) {
      const balancer = await Balancer.start();
      balancers.set(name, balancer);
      balanced[urlVariable] = balancer.url;
    }
  }
  const started = await startStack({
    dataDir,
    env: { LOG_LEVEL: 'info', ...balanced, ...options.env },
    replicas: options.replicas ?? everyService(options.balanced ?? 1),
    onReplica: (service, url) => balancers.get(service)?.add(url),
    onLine: (name, line) => lines.push(`${name} ${line}`),
    onNotice: (line) => notices.push(line),
  });
  const stack = { ...started, gateway: balancers.get(GATEWAY)?.url ?? started.gateway };
  const data = TeleopData.connect(stack.databaseUrl);
  const arms: ArmRobot[] = [];
  for (const robotId of options.arms ?? ['arm1']) {
    const known = await data.rows('SELECT 1 FROM teleop.robot_status WHERE robot_id = $1', [robotId]);
    if (known.length === 0) await data.robot(robotId);
    arms.push(
      new ArmRobot({
        robotId,
        url: stack.gateway.replace(/^http/, 'ws'),
        apiKey: stack.env['ROBOT_API_KEY'],
      }).start(),
    );
  }
  const watchers: Watcher[] = [];
  return {
    stack,
    balancers,
    data,
    arms,
    lines,
    notices,
    watch: (user, robotId) => {
      const watcher = new Watcher(stack.gateway, user, robotId);
      watchers.push(watcher);
      return watcher;
    },
    close: async () => {
      for (const watcher of watchers) watcher.close();
      await Promise.all(arms.map((arm) => arm.stop()));
      await data.close();
      await started.stop();
      await Promise.all([...balancers.values()].map((balancer) => balancer.stop()));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function everyService(replicas: number): Record<string, number> {
  return Object.fromEntries(SERVICES.map(({ name }) => [name, replicas]));
}
