import { Database } from '@teleop/persistence';
import { DEFAULT_MAP } from '@teleop/sim-table-robot';
import { testDatabase } from '@teleop/testing';
import { migrateRobots } from '../migrations/migrate-robots';
import { MapRepository } from './map-repository';
import { DEMO_MAP, seedMap } from './seed-map';

describe('the demo map', () => {
  let own: Awaited<ReturnType<typeof testDatabase>>;
  let database: Database;
  beforeAll(async () => {
    own = await testDatabase();
    await migrateRobots(own.url);
    database = new Database({ databaseUrl: own.url, schema: 'robots', applicationName: 'spec', poolSize: 1 });
    await database.connect();
  });
  afterAll(async () => {
    await database.close();
    await own.dispose();
  });

  it('is what simulated table robots drive on, and never replaces what somebody has set', async () => {
    const maps = new MapRepository(database);
    expect(await seedMap(own.url, DEMO_MAP)).toBe('flat');
    expect((await maps.active())?.document).toEqual(DEFAULT_MAP);
    const mine = { name: 'mine', nodes: [{ id: 'a', x: 0, y: 0 }], paths: [] };
    await database.transaction((tx) => maps.activate(tx, mine, 'me'));
    expect(await seedMap(own.url, DEMO_MAP)).toBeUndefined();
    expect((await maps.active())?.document).toEqual(mine);
  });
});
