import { existsSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import { SERVICES, SIMULATORS, type ServiceDefinition, type SimulatorDefinition } from './services';

/** Where compiled services and simulators are found. Tests put small services of their own in another folder. */
export interface Layout {
  appsDir: string;
  simulatorsDir: string;
}

export function workspaceLayout(): Layout {
  const root = workspaceRoot(__dirname);
  return { appsDir: path.join(root, 'apps'), simulatorsDir: path.join(root, 'tools', 'simulators') };
}

export type EntryPoint = 'main' | 'migrate' | 'seed';

/** The compiled file, or null when this service has none (or does not exist yet). */
export function entryPoint(layout: Layout, service: string, entry: EntryPoint): string | null {
  return existing(path.join(layout.appsDir, service, 'dist', `${entry}.js`));
}

export function presentServices(layout: Layout): ServiceDefinition[] {
  return SERVICES.filter((service) => entryPoint(layout, service.name, 'main') !== null);
}

export function presentSimulators(layout: Layout): { definition: SimulatorDefinition; file: string }[] {
  return SIMULATORS.flatMap((definition) => {
    const file = existing(path.join(layout.simulatorsDir, definition.folder, 'dist', 'main.js'));
    return file ? [{ definition, file }] : [];
  });
}

function existing(file: string): string | null {
  return existsSync(file) ? file : null;
}
