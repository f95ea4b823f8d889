export { askedMetrics, type AskedMetric } from './observability/asked-metrics';
