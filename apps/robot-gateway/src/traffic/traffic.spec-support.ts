import { Database, type Tx } from '@teleop/persistence';
import { testDatabase } from '@teleop/testing';
import { migrateRobots } from '../migrations/migrate-robots';
import { TrafficLockStore } from './traffic-lock-store';

/** What must be true of traffic locks whatever happened; each query answers the violations. */
export const TRAFFIC_INVARIANTS: Readonly<Record<string, string>> = {
  'two live locks of different robots never share a node or a path': `
    SELECT a.lock_id, b.lock_id AS other FROM robots.traffic_lock a JOIN robots.traffic_lock b
      ON a.robot_id < b.robot_id AND (a.node_ids && b.node_ids OR a.path_ids && b.path_ids)
    WHERE a.ended_at IS NULL AND a.expires_at > clock_timestamp()
      AND b.ended_at IS NULL AND b.expires_at > clock_timestamp()`,
  'a lock that is over says when and why, and a live one does not': `
    SELECT lock_id FROM robots.traffic_lock
    WHERE (ended_at IS NULL) <> (end_reason IS NULL) OR ended_at < acquired_at`,
};

/** Of robots that are taught: with `now()`, so that both sides of a statement see the same moment. */
export const TEACH_INVARIANTS: Readonly<Record<string, string>> = {
  'a live teach lock has its robot’s lease to its very end, or an Admin’s hand is (or was just now) in between': `
    SELECT taught.lock_id FROM robots.traffic_lock AS taught LEFT JOIN robots.lease USING (robot_id)
    WHERE taught.purpose = 'teach' AND taught.ended_at IS NULL AND taught.expires_at > now()
      AND NOT coalesce(lease.holder_kind = 'preemption' OR lease.holder_kind = 'teach'
        AND lease.holder = taught.lock_id::text AND lease.expires_at = taught.expires_at, false)`,
  'a live teach lease is that of a live teach lock': `
    SELECT robot_id FROM robots.lease
    WHERE holder_kind = 'teach' AND expires_at > now() AND NOT EXISTS (
      SELECT FROM robots.traffic_lock
      WHERE lock_id::text = lease.holder AND purpose = 'teach' AND ended_at IS NULL AND expires_at > now())`,
  'one robot is taught once at a time': `
    SELECT robot_id FROM robots.traffic_lock
    WHERE purpose = 'teach' AND ended_at IS NULL AND expires_at > now() GROUP BY robot_id HAVING count(*) > 1`,
  'a robot that is taught is on no route': `
    SELECT robot_id FROM robots.traffic_lock AS taught JOIN robots.route USING (robot_id)
    WHERE taught.purpose = 'teach' AND taught.ended_at IS NULL AND taught.expires_at > now()
      AND route.status IN ('dispatching', 'active')`,
};

/** For locks whose scope never changed: they did not share anything at any time in their lives. */
export const NEVER_SHARED = `
  SELECT a.lock_id, b.lock_id AS other FROM robots.traffic_lock a JOIN robots.traffic_lock b
    ON a.robot_id < b.robot_id AND (a.node_ids && b.node_ids OR a.path_ids && b.path_ids)
   AND tstzrange(a.acquired_at, least(a.ended_at, a.expires_at)) && tstzrange(b.acquired_at, least(b.ended_at, b.expires_at))`;

/** The names of those that do not hold. */
export async function violationsIn(
  query: (sql: string) => Promise<object[]>,
  invariants: Readonly<Record<string, string>>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [name, sql] of Object.entries(invariants)) if ((await query(sql)).length > 0) found.push(name);
  return found;
}

export const ROBOTS = ['r1', 'r2', 'r3', 'r4'];

/** A database with robots in it, and as many replicas' connections as wanted. */
export async function setupTraffic(replicas = 1) {
  const own = await testDatabase();
  await migrateRobots(own.url);
  const databases = Array.from(
    { length: replicas },
    (_, index) =>
      new Database({
        databaseUrl: own.url,
        schema: 'robots',
        applicationName: `replica${index}`,
        poolSize: 6,
      }),
  );
  await Promise.all(databases.map((database) => database.connect()));
  const [database] = databases as [Database];
  await database.query(`INSERT INTO robots.robot (robot_id, name) SELECT id, id FROM unnest($1::text[]) id`, [
    ROBOTS,
  ]);
  const stores = databases.map((each) => new TrafficLockStore(each));
  return {
    url: own.url,
    database,
    store: stores[0]!,
    /** Runs a change on one of the replicas, in a transaction of its own. */
    change: <T>(replica: number, work: (store: TrafficLockStore, tx: Tx) => Promise<T>): Promise<T> =>
      databases[replica]!.transaction((tx) => work(stores[replica]!, tx)),
    /** Its time is up this moment. */
    lapse: (lockId: string) =>
      database.query(
        `UPDATE robots.traffic_lock SET expires_at = clock_timestamp() - interval '1 ms' WHERE lock_id = $1`,
        [lockId],
      ),
    clear: () => database.query('DELETE FROM robots.traffic_lock'),
    violations: (more: Readonly<Record<string, string>> = {}) =>
      violationsIn((sql) => database.query(sql), { ...TRAFFIC_INVARIANTS, ...more }),
    close: async () => {
      await Promise.all(databases.map((each) => each.close()));
      await own.dispose();
    },
  };
}
