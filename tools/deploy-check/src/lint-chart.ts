import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fault, type Fault } from './fault';
import { kubernetesTools } from './fetch/kubernetes-tools';
import { Helm } from './helm/helm';
import { ObjectCheck } from './kubernetes/check-object';
import { withCustomModels } from './kubernetes/custom-models';
import { ClientModels } from './kubernetes/models';
import { parseManifests } from './kubernetes/object';
import { CHART, K8S } from './places';
import { Release } from './rules/release';
import { ruleFaults } from './rules/rules';

export const VALUES_FOLDER = path.join(K8S, 'values');
const DEPENDENCIES = path.join(K8S, 'dependencies');

export interface Rendered {
  /** Name of the values file without its ending. */
  readonly name: string;
  readonly release: Release;
}

export const valueSets = (): string[] =>
  readdirSync(VALUES_FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .sort();

/** The chart with one of the value sets. */
export async function renderChart(
  helm: string,
  valuesFile: string,
  set: readonly string[] = [],
): Promise<Rendered> {
  const text = await new Helm(helm, CHART).template(path.join(VALUES_FOLDER, valuesFile), set);
  return { name: path.basename(valuesFile, '.yaml'), release: new Release(parseManifests(text)) };
}

/** Everything that is wrong with the chart, over all value sets, and with the manifests beside it. Empty: nothing. */
export async function lintChart(env: NodeJS.ProcessEnv = process.env): Promise<Fault[]> {
  const tools = await kubernetesTools(env);
  const objects = new ObjectCheck(withCustomModels(new ClientModels(tools.models)));
  const helm = new Helm(tools.helm, CHART);
  const ofSets = await Promise.all(
    valueSets().map(async (file) => {
      await helm.lint(path.join(VALUES_FOLDER, file));
      const { name, release } = await renderChart(tools.helm, file);
      const faults = [...release.objects.flatMap((object) => objects.faults(object)), ...ruleFaults(release)];
      return faults.map(({ where, what }) => fault(`${name}: ${where}`, what));
    }),
  );
  return [...ofSets.flat(), ...dependencyFaults(objects)];
}

/** Manifests that are applied by hand; values of other charts are not ours to judge. */
function dependencyFaults(objects: ObjectCheck): Fault[] {
  return readdirSync(DEPENDENCIES)
    .filter((file) => file.endsWith('.manifest.yaml'))
    .flatMap((file) => parseManifests(readFileSync(path.join(DEPENDENCIES, file), 'utf8')))
    .flatMap((object) => objects.faults(object));
}
