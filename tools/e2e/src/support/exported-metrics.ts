/** What is exported of a metric, over all services. */
export interface Exported {
  /** Labels of the series there are; undefined while none has been counted yet. */
  labels: ReadonlySet<string> | undefined;
}

/** Everything that the services export, by the metric's declared name. */
export async function exportedMetrics(urls: readonly string[]): Promise<Map<string, Exported>> {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  const found = new Map<string, Exported>();
  for (const line of texts.join('\n').split('\n')) {
    const declared = /^# TYPE (\w+) /.exec(line)?.[1];
    if (declared !== undefined && !found.has(declared)) found.set(declared, { labels: undefined });
    const [, series = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    const metric = found.get(series) ?? found.get(series.replace(/_(bucket|count|sum)$/, ''));
    if (metric === undefined) continue;
    const names = [...labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map((match) => match[1]!);
    metric.labels = new Set([...(metric.labels ?? []), ...names]);
  }
  return found;
}
