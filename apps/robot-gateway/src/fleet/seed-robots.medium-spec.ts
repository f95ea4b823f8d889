import { testDatabase } from '@teleop/testing';
import { sha256Hex } from '@teleop/auth';
import pg from 'pg';
import { migrateRobots } from '../migrations/migrate-robots';
import { seedRobots } from './seed-robots';

describe('the seed', () => {
  it('adds demo robots only when asked for, once, and keeps what operators changed', async () => {
    const database = await testDatabase();
    const pool = new pg.Pool({ connectionString: database.url, max: 1 });
    try {
      await migrateRobots(database.url);
      expect(await seedRobots(database.url, false)).toEqual([]);
      expect(await seedRobots(database.url, true)).toEqual(['table2', 'table3', 'arm1', 'arm2', 'arm3']);
      await pool.query(
        `UPDATE robots.robot SET name = 'Mine', api_key_hash = NULL WHERE robot_id = 'table2'`,
      );
      await pool.query(`DELETE FROM robots.robot WHERE robot_id = 'arm3'`);
      expect(await seedRobots(database.url, true)).toEqual(['arm3']);
      const { rows } = await pool.query(
        'SELECT robot_id, name, api_key_hash, capabilities FROM robots.robot ORDER BY 1',
      );
      expect(rows).toMatchObject([
        { robot_id: 'arm1', api_key_hash: sha256Hex('demo-key-arm1') },
        { robot_id: 'arm2' },
        { robot_id: 'arm3' },
        {
          robot_id: 'table2',
          name: 'Mine',
          api_key_hash: null,
          capabilities: { hasGrip: true, hasHoist: true },
        },
        { robot_id: 'table3', name: 'Table 3', api_key_hash: sha256Hex('demo-key-table3') },
      ]);
    } finally {
      await pool.end();
      await database.dispose();
    }
  });
});
