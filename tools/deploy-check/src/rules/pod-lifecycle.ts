import { fault, type Fault } from '../fault';
import { listOf, objectOf, said, textOf, type JsonObject } from '../kubernetes/object';
import type { Container, Release } from './release';

const PROBES = ['startupProbe', 'livenessProbe', 'readinessProbe'] as const;
/** Kubernetes’ own when a pod says nothing. */
const DEFAULT_GRACE_S = 30;

/** Probes, resources, and an end that leaves each service the time it was promised. */
export function podLifecycleFaults(release: Release): Fault[] {
  return [
    ...release.containers.flatMap(({ title, spec }) =>
      resourceFaults(spec).map((what) => fault(title, what)),
    ),
    ...release.servers.flatMap((container) =>
      [...probeFaults(container.spec), ...graceFaults(container)].map((what) => fault(container.title, what)),
    ),
  ];
}

function resourceFaults(spec: JsonObject): string[] {
  const resources = objectOf(spec['resources']);
  const [requests, limits] = [objectOf(resources['requests']), objectOf(resources['limits'])];
  return [
    ...(requests['cpu'] === undefined || requests['memory'] === undefined
      ? ['does not say what it needs (requests of cpu and memory)']
      : []),
    ...(limits['memory'] === undefined ? ['has no limit of memory'] : []),
  ];
}

function probeFaults(spec: JsonObject): string[] {
  const path = (probe: string) => textOf(objectOf(objectOf(spec[probe])['httpGet'])['path']);
  return [
    ...PROBES.filter((probe) => spec[probe] === undefined).map((probe) => `has no ${probe}`),
    // A service whose database is away must not be killed for it: that would make an outage worse.
    ...(path('livenessProbe') === '/readyz' ? ['is killed when what it depends on is away'] : []),
    ...(path('readinessProbe') === '/healthz' ? ['gets requests while what it depends on is away'] : []),
  ];
}

function graceFaults({ pod, spec }: Container): string[] {
  const { SHUTDOWN_TIMEOUT_MS: shutdown, SHUTDOWN_DELAY_MS: delay } = environmentOf(spec);
  if (shutdown === undefined) return ['does not say how long it may take to stop (SHUTDOWN_TIMEOUT_MS)'];
  const grace = pod.spec['terminationGracePeriodSeconds'] ?? DEFAULT_GRACE_S;
  const needed = (Number(delay ?? 0) + Number(shutdown)) / 1_000;
  return [
    ...(Number(delay ?? 0) === 0 ? ['stops serving before the endpoints know (SHUTDOWN_DELAY_MS)'] : []),
    ...(Number(grace) <= needed
      ? [`is killed after ${said(grace)} s, but takes up to ${needed} s to stop`]
      : []),
  ];
}

/** Plain values only: those that come from elsewhere are not known here. */
export function environmentOf(spec: JsonObject): Record<string, string> {
  return Object.fromEntries(
    listOf(spec['env']).flatMap((entry) =>
      typeof entry['value'] === 'string' ? [[textOf(entry['name']), entry['value']]] : [],
    ),
  );
}
