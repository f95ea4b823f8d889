import { fault, type Fault } from '../fault';
import { listOf, objectOf, titleOf, type JsonObject, type KubernetesObject } from '../kubernetes/object';
import type { Release } from './release';

/** Denied by default, and every rule says from or to whom and on which port. Off altogether in a release without policies. */
export function networkFaults(release: Release): Fault[] {
  const policies = release.ofKind('NetworkPolicy');
  if (policies.length === 0) return [];
  return [
    ...policies.flatMap(openRules),
    ...release.pods.flatMap((pod) =>
      (['Ingress', 'Egress'] as const)
        .filter((type) => !policies.some((policy) => denies(release, policy, pod.title, type)))
        .map((type) => fault(pod.title, `may take part in any ${type}: no policy selects it`)),
    ),
  ];
}

function denies(release: Release, policy: KubernetesObject, pod: string, type: string): boolean {
  const spec = objectOf(policy['spec']);
  const types = Array.isArray(spec['policyTypes']) ? spec['policyTypes'] : [];
  const selector = objectOf(objectOf(spec['podSelector'])['matchLabels']);
  return types.includes(type) && release.selected(selector).some(({ title }) => title === pod);
}

function openRules(policy: KubernetesObject): Fault[] {
  const spec = objectOf(policy['spec']);
  return (
    [
      ['ingress', 'from'],
      ['egress', 'to'],
    ] as const
  ).flatMap(([rules, peers]) =>
    listOf(spec[rules]).flatMap((rule, index) =>
      openness(rule, peers).map((what) => fault(`${titleOf(policy)} .spec.${rules}[${index}]`, what)),
    ),
  );
}

function openness(rule: JsonObject, peers: 'from' | 'to'): string[] {
  const named = listOf(rule[peers]);
  return [
    ...(named.length === 0 || named.some((peer) => Object.keys(peer).length === 0)
      ? [`has no "${peers}": it lets everybody through`]
      : []),
    ...(listOf(rule['ports']).length === 0 ? ['names no port: it lets every port through'] : []),
  ];
}
