import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fault, type Fault } from '../fault';
import { objectOf, textOf } from '../kubernetes/object';
import { DOCS } from '../places';
import { readExpression } from './promql';
import {
  adaptedMetrics,
  alertQueries,
  alerts,
  autoscalerMetrics,
  dashboardQueries,
  type Alert,
  type Query,
} from './queries';

const SEVERITIES = ['critical', 'warning', 'info'];

/** Queries that Prometheus understands, alerts that lead to a runbook, runbooks that an alert leads to, metrics that are adapted. */
export function observabilityFaults(): Fault[] {
  const runbooks = readdirSync(path.join(DOCS, 'runbooks')).filter((file) => file !== 'README.md');
  return [
    ...queryFaults([...alertQueries(), ...dashboardQueries()]),
    ...alertFaults(alerts(), runbooks),
    ...autoscalerMetrics()
      .filter(({ metric }) => !adaptedMetrics().includes(metric))
      .map(({ service, metric }) =>
        fault(`autoscaler of ${service}`, `no rule of the adapter makes ${metric}`),
      ),
  ];
}

export const queryFaults = (queries: readonly Query[]): Fault[] =>
  queries.flatMap(({ where, text }) => {
    try {
      readExpression(text);
      return [];
    } catch (error) {
      return [fault(where, (error as Error).message)];
    }
  });

export function alertFaults(all: readonly Alert[], runbooks: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  for (const { name, rule } of all) {
    const where = `alert ${name}`;
    const annotations = objectOf(rule['annotations']);
    if (all.filter((other) => other.name === name).length > 1) faults.push(fault(where, 'is there twice'));
    if (!runbooks.includes(`${name}.md`)) faults.push(fault(where, 'has no runbook'));
    if (annotations['runbook_url'] !== `RUNBOOK_URL/${name}.md`)
      faults.push(fault(where, 'does not link to its runbook'));
    if (textOf(annotations['summary']) === '') faults.push(fault(where, 'does not say what is wrong'));
    if (!SEVERITIES.includes(textOf(objectOf(rule['labels'])['severity'])))
      faults.push(fault(where, 'has no severity'));
    if (textOf(rule['for']) === '') faults.push(fault(where, 'goes off at the first look'));
  }
  const names = all.map(({ name }) => `${name}.md`);
  const orphans = runbooks.filter((file) => !names.includes(file));
  return [...faults, ...orphans.map((file) => fault(`runbook ${file}`, 'is of no alert'))];
}
