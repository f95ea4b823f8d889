import { fault, type Fault } from '../fault';
import { objectOf, textOf, type Json, type JsonObject } from '../kubernetes/object';
import type { Release } from './release';

const MOVING_TAGS = ['', 'latest', 'main', 'stable'];

/** Non-root, read-only, without capabilities or a token of the cluster's, from an image whose tag stays what it is. */
export function podSecurityFaults(release: Release): Fault[] {
  const faults: Fault[] = [];
  for (const pod of release.pods) {
    if (pod.spec['automountServiceAccountToken'] !== false) {
      faults.push(fault(pod.title, 'gets a token of the cluster’s API that it has no use for'));
    }
    const context = objectOf(pod.spec['securityContext']);
    if (context['runAsNonRoot'] !== true) faults.push(fault(pod.title, 'may run as root'));
    if (objectOf(context['seccompProfile'])['type'] !== 'RuntimeDefault') {
      faults.push(fault(pod.title, 'runs without the run-time’s seccomp profile'));
    }
  }
  for (const { title, spec } of release.containers) {
    for (const what of containerFaults(spec)) faults.push(fault(title, what));
  }
  return faults;
}

function* containerFaults(spec: JsonObject): Generator<string> {
  const context = objectOf(spec['securityContext']);
  if (context['readOnlyRootFilesystem'] !== true) yield 'may write to its root file system';
  if (context['allowPrivilegeEscalation'] !== false) yield 'may gain privileges';
  if (!dropsAll(objectOf(context['capabilities'])['drop'])) yield 'keeps capabilities';
  const image = textOf(spec['image']);
  if (!image.includes('@sha256:') && MOVING_TAGS.includes(/:([\w.-]*)$/.exec(image)?.[1] ?? '')) {
    yield `has an image whose tag moves: ${image}`;
  }
}

const dropsAll = (drop: Json | undefined): boolean => Array.isArray(drop) && drop.includes('ALL');
