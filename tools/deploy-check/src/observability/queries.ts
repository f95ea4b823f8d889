import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { listOf, objectOf, textOf, type JsonObject } from '../kubernetes/object';
import { CHART, K8S } from '../places';

export interface Query {
  /** "alert TurnOverdue", "dashboard queue, Turns". */
  readonly where: string;
  readonly text: string;
}

export interface Alert {
  readonly name: string;
  readonly rule: JsonObject;
}

const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(path.join(CHART, folder)).filter((file) => file.endsWith(ending));
const read = (...parts: string[]): string => readFileSync(path.join(...parts), 'utf8');

export const alerts = (): Alert[] =>
  filesIn('alerts', '.yaml')
    .flatMap((file) => listOf(parse(read(CHART, 'alerts', file)) as JsonObject[]))
    .flatMap((group) => listOf(group['rules']))
    .map((rule) => ({ name: textOf(rule['alert']), rule }));

export function dashboardQueries(): Query[] {
  return filesIn('dashboards', '.json').flatMap((file) => {
    const panels = listOf((JSON.parse(read(CHART, 'dashboards', file)) as JsonObject)['panels']);
    return panels.flatMap((panel) =>
      listOf(panel['targets']).map((target) => ({
        where: `dashboard ${path.basename(file, '.json')}, ${textOf(panel['title'])}`,
        text: textOf(target['expr']),
      })),
    );
  });
}

export const alertQueries = (): Query[] =>
  alerts().map(({ name, rule }) => ({ where: `alert ${name}`, text: textOf(rule['expr']) }));

/** What the chart's autoscalers ask for, by service. */
export function autoscalerMetrics(): { service: string; metric: string }[] {
  const services = objectOf((parse(read(CHART, 'values.yaml')) as JsonObject)['services']);
  return Object.entries(services).flatMap(([service, values]) =>
    listOf(objectOf(objectOf(values)['autoscaling'])['metrics']).flatMap((metric) => {
      if (metric['cpu'] !== undefined) return [];
      return [{ service, metric: textOf(metric['pods']) || 'messaging_consumer_pending' }];
    }),
  );
}

/** The names that prometheus-adapter makes metrics for the autoscalers of. */
export function adaptedMetrics(): string[] {
  const rules = objectOf((parse(read(K8S, 'adapter', 'values.yaml')) as JsonObject)['rules']);
  return [...listOf(rules['custom']), ...listOf(rules['external'])].flatMap((rule) =>
    (/__name__=~?"([^"]+)"/.exec(textOf(rule['seriesQuery']))?.[1] ?? '').split('|'),
  );
}
