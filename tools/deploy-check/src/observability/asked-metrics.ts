import { readExpression } from './promql';
import { alertQueries, autoscalerMetrics, dashboardQueries } from './queries';

export interface AskedMetric {
  /** As a service declares it: without `_bucket`, `_count`, `_sum`. */
  readonly metric: string;
  readonly labels: readonly string[];
  readonly where: string;
}

/** Labels that Prometheus adds by itself when it reads a pod. */
const OF_PROMETHEUS = ['pod', 'job', 'instance', 'namespace', 'le'];
/** Series that Prometheus makes itself. */
const NOT_OURS = ['up'];

/** Everything that alerts, dashboards and autoscalers ask the services for. */
export function askedMetrics(): AskedMetric[] {
  const asked = [...alertQueries(), ...dashboardQueries()].flatMap(({ where, text }) => {
    const { selectors, grouping } = readExpression(text);
    return selectors.map(({ metric, labels }) => ({ metric, labels: [...labels, ...grouping], where }));
  });
  const scaled = autoscalerMetrics().map(({ service, metric }) => ({
    metric,
    labels: [],
    where: `autoscaler of ${service}`,
  }));
  return [...asked, ...scaled]
    .filter(({ metric }) => !NOT_OURS.includes(metric))
    .map(({ metric, labels, where }) => ({
      metric: metric.replace(/_(bucket|count|sum)$/, ''),
      labels: labels.filter((label) => !OF_PROMETHEUS.includes(label)),
      where,
    }));
}
