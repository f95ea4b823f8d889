import type { KubernetesObject } from './object';

/** The kinds that may be in a rendered chart, by `apiVersion/kind`. One that is not here is a fault: nobody has looked at it yet. */
const MODEL_OF: Record<string, string> = {
  'v1/ConfigMap': 'V1ConfigMap',
  'v1/Service': 'V1Service',
  'v1/ServiceAccount': 'V1ServiceAccount',
  'v1/Secret': 'V1Secret',
  'v1/PersistentVolumeClaim': 'V1PersistentVolumeClaim',
  'apps/v1/Deployment': 'V1Deployment',
  'apps/v1/StatefulSet': 'V1StatefulSet',
  'batch/v1/Job': 'V1Job',
  'autoscaling/v2/HorizontalPodAutoscaler': 'V2HorizontalPodAutoscaler',
  'policy/v1/PodDisruptionBudget': 'V1PodDisruptionBudget',
  'networking.k8s.io/v1/NetworkPolicy': 'V1NetworkPolicy',
  'networking.k8s.io/v1/Ingress': 'V1Ingress',
  'monitoring.coreos.com/v1/ServiceMonitor': 'ServiceMonitor',
  'monitoring.coreos.com/v1/PrometheusRule': 'PrometheusRule',
  'postgresql.cnpg.io/v1/Cluster': 'Cluster',
};

export const modelNameOf = ({ apiVersion, kind }: KubernetesObject): string | undefined =>
  MODEL_OF[`${apiVersion}/${kind}`];
