import { fault, type Fault } from '../fault';
import { listOf, objectOf, titleOf } from '../kubernetes/object';
import type { Release } from './release';

/** Several replicas are spread, kept through a drained node, and replaced without fewer of them serving. */
export function availabilityFaults(release: Release): Fault[] {
  return release.ofKind('Deployment').flatMap((deployment) => {
    const spec = objectOf(deployment['spec']);
    const faults: Fault[] = [];
    const rolling = objectOf(objectOf(spec['strategy'])['rollingUpdate']);
    if (rolling['maxUnavailable'] !== 0) {
      faults.push(fault(titleOf(deployment), 'takes a replica away before its successor serves'));
    }
    const scaled = release
      .ofKind('HorizontalPodAutoscaler')
      .some(
        (hpa) =>
          objectOf(objectOf(hpa['spec'])['scaleTargetRef'])['name'] ===
          objectOf(deployment['metadata'])['name'],
      );
    if (scaled && spec['replicas'] !== undefined) {
      faults.push(fault(titleOf(deployment), 'sets its replicas although an autoscaler does'));
    }
    if (!scaled && (spec['replicas'] ?? 1) === 1) return faults;
    const labels = objectOf(objectOf(spec['selector'])['matchLabels']);
    const pod = objectOf(objectOf(spec['template'])['spec']);
    if (listOf(pod['topologySpreadConstraints']).length === 0) {
      faults.push(fault(titleOf(deployment), 'may have all its replicas on one node'));
    }
    const budgets = release
      .ofKind('PodDisruptionBudget')
      .map((budget) => objectOf(objectOf(budget['spec'])['selector']));
    if (!budgets.some((selector) => JSON.stringify(selector['matchLabels']) === JSON.stringify(labels))) {
      faults.push(fault(titleOf(deployment), 'has no PodDisruptionBudget'));
    }
    return faults;
  });
}
