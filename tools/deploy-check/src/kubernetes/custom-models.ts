import type { Field, Model, Models } from './models';

/*
 * Kinds of others that the chart makes, as far as it uses them: a field that is not here is a fault, so that one that is
 * misspelt is found. From the published definitions: monitoring.coreos.com/v1, postgresql.cnpg.io/v1.
 */
const TYPES: Record<string, Record<string, string>> = {
  ServiceMonitor: {
    'apiVersion!': 'string',
    'kind!': 'string',
    'metadata!': 'V1ObjectMeta',
    'spec!': 'ServiceMonitorSpec',
  },
  ServiceMonitorSpec: {
    'endpoints!': 'Array<ServiceMonitorEndpoint>',
    'selector!': 'V1LabelSelector',
    namespaceSelector: 'NamespaceSelector',
    jobLabel: 'string',
    targetLabels: 'Array<string>',
    podTargetLabels: 'Array<string>',
  },
  ServiceMonitorEndpoint: {
    port: 'string',
    path: 'string',
    interval: 'string',
    scrapeTimeout: 'string',
    honorLabels: 'boolean',
    metricRelabelings: 'Array<Relabeling>',
    relabelings: 'Array<Relabeling>',
  },
  Relabeling: {
    sourceLabels: 'Array<string>',
    targetLabel: 'string',
    regex: 'string',
    action: 'string',
    replacement: 'string',
  },
  NamespaceSelector: { matchNames: 'Array<string>', any: 'boolean' },
  PrometheusRule: {
    'apiVersion!': 'string',
    'kind!': 'string',
    'metadata!': 'V1ObjectMeta',
    'spec!': 'PrometheusRuleSpec',
  },
  PrometheusRuleSpec: { 'groups!': 'Array<RuleGroup>' },
  RuleGroup: { 'name!': 'string', 'rules!': 'Array<Rule>', interval: 'string' },
  Rule: {
    alert: 'string',
    record: 'string',
    'expr!': 'IntOrString',
    for: 'string',
    keep_firing_for: 'string',
    labels: '{ [key: string]: string; }',
    annotations: '{ [key: string]: string; }',
  },
  Cluster: {
    'apiVersion!': 'string',
    'kind!': 'string',
    'metadata!': 'V1ObjectMeta',
    'spec!': 'ClusterSpec',
  },
  ClusterSpec: {
    description: 'string',
    imageName: 'string',
    'instances!': 'number',
    minSyncReplicas: 'number',
    maxSyncReplicas: 'number',
    primaryUpdateStrategy: 'string',
    bootstrap: 'object',
    postgresql: 'object',
    'storage!': 'ClusterStorage',
    walStorage: 'ClusterStorage',
    resources: 'V1ResourceRequirements',
    affinity: 'object',
    monitoring: 'object',
    backup: 'object',
  },
  ClusterStorage: { 'size!': 'string', storageClass: 'string' },
};

const fieldsOf = (type: Record<string, string>): Model =>
  new Map(
    Object.entries(type).map(([key, of]): [string, Field] => {
      const name = key.replace('!', '');
      return [name, { name, type: of, required: key.endsWith('!') }];
    }),
  );

const MODELS = new Map(Object.entries(TYPES).map(([name, type]) => [name, fieldsOf(type)]));

/** The client's models, and those of the custom kinds. */
export const withCustomModels = (client: Models): Models => ({
  of: (type) => MODELS.get(type) ?? client.of(type),
});
