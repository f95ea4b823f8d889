import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfraError } from '@teleop/infra';
import { processEnvironment } from '../environment';
import { entryPoint, type Layout } from '../layout';
import { anotherPort } from '../ports';
import { GATEWAY, type ServiceDefinition } from '../services';
import { Child, type ChildContext } from '../supervise/child';
import type { StackProcess } from '../types';
import { lastLines } from './last-lines';
import { readyStatus } from './ready';
import { localUrl } from './service-urls';

const LOOK_EVERY_MS = 100;
/** A service that ends this often before it was ever ready has a reason that waiting does not cure. */
const MAX_EARLY_EXITS = 3;

export interface StartServicesOptions {
  layout: Layout;
  context: ChildContext;
  services: readonly ServiceDefinition[];
  ports: ReadonlyMap<string, number>;
  replicas: Record<string, number>;
  onReplica: (service: string, url: string) => void;
  env: Record<string, string>;
  caller: NodeJS.ProcessEnv;
  readyTimeoutMs: number;
  signal: AbortSignal | undefined;
  /** Filled as processes start, so that a failed start can stop them. */
  children: Child[];
}

export interface RunningServices {
  urls: Record<string, string[]>;
  processes: StackProcess[];
}

/** Side by side: starting is mostly waiting for one another. */
export async function startServices(options: StartServicesOptions): Promise<RunningServices> {
  const taken = new Map(options.ports);
  const urls: Record<string, string[]> = {};
  const processes: StackProcess[] = [];
  const waiting: Promise<void>[] = [];
  for (const service of options.services) {
    for (let replica = 0; replica < (options.replicas[service.name] ?? 1); replica++) {
      const port = await portOf(service, replica, taken);
      const url = localUrl(port);
      options.onReplica(service.name, url);
      const child = startOne(service, replica, port, options);
      (urls[service.name] ??= []).push(url);
      processes.push(asProcess(service.name, replica, child));
      waiting.push(untilReady(child, url, options));
    }
  }
  await Promise.all(waiting);
  return { urls, processes };
}

async function portOf(
  service: ServiceDefinition,
  replica: number,
  taken: Map<string, number>,
): Promise<number> {
  const first = taken.get(service.name);
  if (replica === 0 && first !== undefined) return first;
  const port = await anotherPort(taken);
  taken.set(`${service.name}.${replica}`, port);
  return port;
}

function startOne(
  service: ServiceDefinition,
  replica: number,
  port: number,
  options: StartServicesOptions,
): Child {
  const file = entryPoint(options.layout, service.name, 'main');
  if (!file) throw new Error(`${service.name} has no main file`);
  const child = new Child(
    {
      name: replica === 0 ? service.name : `${service.name}.${replica}`,
      file,
      cwd: path.dirname(path.dirname(file)),
      env: processEnvironment(options.env, { PORT: String(port), ...behindGateway(service) }, options.caller),
    },
    options.context,
  );
  options.children.push(child);
  child.start();
  return child;
}

/**
 * Who calls a service through the gateway is known by what the gateway says of him, and the gateway calls from this machine.
 * It says so anew for each request, so this holds whichever proxies the gateway itself believes (TRUST_PROXY of the caller).
 */
function behindGateway({ name }: ServiceDefinition): Record<string, string> {
  return name === GATEWAY ? {} : { TRUST_PROXY: 'loopback' };
}

function asProcess(name: string, replica: number, child: Child): StackProcess {
  return {
    name,
    replica,
    get pid() {
      return child.pid;
    },
    kill9: () => child.kill9(),
  };
}

async function untilReady(child: Child, url: string, options: StartServicesOptions): Promise<void> {
  const deadline = performance.now() + options.readyTimeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const status = await readyStatus(url);
    if (status === 200) return;
    if (child.exits >= MAX_EARLY_EXITS)
      throw failure(child, `ended ${child.exits} times before it was ready`, options);
    if (performance.now() > deadline) {
      const state = status === null ? 'does not answer' : `answers ${status} on /readyz`;
      throw failure(child, `is not ready after ${options.readyTimeoutMs / 1_000} s: it ${state}`, options);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

function failure(child: Child, what: string, options: StartServicesOptions): InfraError {
  const log = options.context.logs.path(child.name);
  const lines = lastLines(log, 12).map((line) => `  | ${line}`);
  const words = lines.length > 0 ? ['Its last words:', ...lines] : ['It wrote nothing.'];
  return new InfraError(
    [`${child.name} ${what}. ${words[0]}`, ...words.slice(1), `The whole log: ${log}`].join('\n'),
  );
}
