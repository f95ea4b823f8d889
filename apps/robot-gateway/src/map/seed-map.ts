import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Database } from '@teleop/persistence';
import { mapSettings } from './map-settings';
import { MapRepository } from './map-repository';
import { readMapText } from './read-map-text';

/** Beside `dist` and `src`. */
export const DEMO_MAP = path.join(__dirname, '..', '..', 'maps', 'flat.yaml');

/**
 * A map to try the suite with, when there is none: unlike MAP_FILE it never replaces what somebody has set. Returns its
 * name when it was added. Services must not be running: nobody is told.
 */
export async function seedMap(databaseUrl: string, file: string): Promise<string | undefined> {
  const { MAP_MAX_NODES: nodes, MAP_MAX_PATHS: paths, MAP_READ_MS: time } = mapSettings;
  const limits = { maxNodes: nodes.default, maxPaths: paths.default, timeoutMs: time.default };
  const checked = await readMapText(await readFile(file, 'utf8'), limits);
  if (!checked.ok) throw new Error(`${file}: ${checked.faults[0]?.path}: ${checked.faults[0]?.message}`);
  const database = new Database({
    databaseUrl,
    schema: 'robots',
    applicationName: 'robot-gateway-map-seed',
    poolSize: 1,
  });
  await database.connect();
  try {
    const maps = new MapRepository(database);
    if ((await maps.activeVersion()) !== undefined) return undefined;
    await database.transaction((tx) => maps.activate(tx, checked.map, 'file'));
    return checked.map.name;
  } finally {
    await database.close();
  }
}
