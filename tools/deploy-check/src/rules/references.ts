import { fault, type Fault } from '../fault';
import {
  listOf,
  nameOf,
  objectOf,
  said,
  textOf,
  titleOf,
  type JsonObject,
  type KubernetesObject,
} from '../kubernetes/object';
import type { Pod, Release } from './release';

/** What one object says of another must be there: names, selectors, ports. */
export function referenceFaults(release: Release): Fault[] {
  return [
    ...twice(release),
    ...release.pods.flatMap((pod) => podReferences(release, pod)),
    ...release.ofKind('Service').flatMap((service) => serviceFaults(release, service)),
    ...release.ofKind('Ingress').flatMap((ingress) => ingressFaults(release, ingress)),
    ...release.ofKind('HorizontalPodAutoscaler').flatMap((hpa) => {
      const { kind, name } = objectOf(objectOf(hpa['spec'])['scaleTargetRef']);
      return release.has(textOf(kind), textOf(name))
        ? []
        : [fault(titleOf(hpa), `scales ${textOf(kind)} ${textOf(name)}, which is not there`)];
    }),
    ...['PodDisruptionBudget', 'ServiceMonitor', 'Deployment'].flatMap((kind) =>
      release.ofKind(kind).flatMap((object) => selectorFaults(release, object)),
    ),
  ];
}

function twice(release: Release): Fault[] {
  const seen = new Set<string>();
  return release.objects.flatMap((object) => {
    const title = titleOf(object);
    const again = seen.has(title);
    seen.add(title);
    return again ? [fault(title, 'is there twice')] : [];
  });
}

function podReferences(release: Release, pod: Pod): Fault[] {
  const faults: Fault[] = [];
  const account = textOf(pod.spec['serviceAccountName']);
  // A hook runs before the release's own objects are there: its account is the namespace's.
  if (account !== '' && account !== 'default' && !release.has('ServiceAccount', account)) {
    faults.push(fault(pod.title, `runs as ServiceAccount ${account}, which is not there`));
  }
  const volumes = listOf(pod.spec['volumes']);
  const names = new Set(volumes.map((volume) => volume['name']));
  const maps = volumes.map((volume) => textOf(objectOf(volume['configMap'])['name'])).filter(Boolean);
  for (const container of [...listOf(pod.spec['initContainers']), ...listOf(pod.spec['containers'])]) {
    for (const mount of listOf(container['volumeMounts'])) {
      if (!names.has(mount['name']))
        faults.push(fault(pod.title, `mounts ${said(mount['name'])}, which is no volume`));
    }
    maps.push(...listOf(container['envFrom']).map((from) => textOf(objectOf(from['configMapRef'])['name'])));
  }
  for (const map of maps.filter(Boolean)) {
    if (!release.has('ConfigMap', map))
      faults.push(fault(pod.title, `reads ConfigMap ${map}, which is not there`));
  }
  return faults;
}

function serviceFaults(release: Release, service: KubernetesObject): Fault[] {
  const spec = objectOf(service['spec']);
  const pods = release.selected(objectOf(spec['selector']));
  if (pods.length === 0) return [fault(titleOf(service), 'selects no pod')];
  const ports = new Set(
    pods.flatMap(({ spec: pod }) =>
      listOf(pod['containers']).flatMap((container) =>
        listOf(container['ports']).flatMap((port) => [port['name'], port['containerPort']]),
      ),
    ),
  );
  return listOf(spec['ports']).flatMap((port) =>
    ports.has(port['targetPort'])
      ? []
      : [fault(titleOf(service), `sends to port ${said(port['targetPort'])}, which no container has`)],
  );
}

function ingressFaults(release: Release, ingress: KubernetesObject): Fault[] {
  const backends = listOf(objectOf(ingress['spec'])['rules'])
    .flatMap((rule) => listOf(objectOf(rule['http'])['paths']))
    .map((path) => objectOf(objectOf(path['backend'])['service']));
  return backends.flatMap((backend) => {
    const service = release.ofKind('Service').find((object) => nameOf(object) === backend['name']);
    const port = objectOf(backend['port']);
    const known = service === undefined ? [] : listOf(objectOf(service['spec'])['ports']);
    return known.some(({ name, port: number }) => name === port['name'] || number === port['number'])
      ? []
      : [
          fault(
            titleOf(ingress),
            `sends to Service ${said(backend['name'])}, which has no such port or is not there`,
          ),
        ];
  });
}

function selectorFaults(release: Release, object: KubernetesObject): Fault[] {
  const selector: JsonObject = objectOf(objectOf(objectOf(object['spec'])['selector'])['matchLabels']);
  const found =
    object.kind === 'ServiceMonitor'
      ? release.ofKind('Service').some((service) => {
          const labels = objectOf(objectOf(service['metadata'])['labels']);
          return Object.entries(selector).every(([key, value]) => labels[key] === value);
        })
      : release.selected(selector).length > 0;
  return Object.keys(selector).length > 0 && found ? [] : [fault(titleOf(object), 'selects nothing')];
}
