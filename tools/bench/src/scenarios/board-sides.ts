import type pg from 'pg';
import { INSERT_ROBOTS, INSERT_USERS } from '../data/people';
import { BARE_REBUILDS, FILL_SESSIONS, FIVE_PERCENT_EARN, SAME_RANKS } from '../data/sessions';
import type { Service } from '../world/service';
import type { World } from '../world/world';

export const STATES = ['first build (empty board)', 'nothing changed', '5 % of users changed'] as const;
export type State = (typeof STATES)[number];

/** Who rebuilds a board over a database of its own. */
export class BoardSide {
  #earned = 0;

  constructor(
    readonly name: string,
    private readonly pool: pg.Pool,
    private readonly rebuild: () => Promise<unknown>,
    private readonly settle: () => Promise<void>,
  ) {}

  /** Brings board and users into a state. */
  async prepare(state: State): Promise<void> {
    if (state === STATES[0]) await this.pool.query('TRUNCATE teleop.tele_op_leaderboard');
    if (state === STATES[2]) await this.pool.query(FIVE_PERCENT_EARN, [(this.#earned += 1)]);
    // What autovacuum would have done since: all begin without dead rows and with nothing to write out.
    await this.pool.query('VACUUM (ANALYZE) teleop.users');
    await this.pool.query('VACUUM (ANALYZE) teleop.tele_op_leaderboard');
    await this.settle();
  }

  /** Milliseconds of a rebuild. */
  async time(): Promise<number> {
    const before = performance.now();
    await this.rebuild();
    return performance.now() - before;
  }

  async digest(): Promise<string> {
    return JSON.stringify((await this.pool.query(SAME_RANKS)).rows[0]);
  }
}

/** A database that the sides get copies of. */
export async function fillBoards(world: World, users: number, sessions: number): Promise<void> {
  const pool = world.pool(await world.migrated('template_board', ['queue-service']), 1);
  await pool.query(INSERT_USERS, [users]);
  await pool.query(INSERT_ROBOTS, [3]);
  await pool.query(FILL_SESSIONS.users);
  await pool.query('SET session_replication_role = replica');
  await pool.query(FILL_SESSIONS.sessions, [users, sessions]);
  await pool.query('VACUUM (ANALYZE)');
  await pool.end();
}

export function serviceSide(world: World, service: Service, databaseUrl: string): BoardSide {
  const headers = { authorization: `Bearer ${world.secrets.INTERNAL_API_TOKEN}` };
  const update = async () => {
    const response = await fetch(`${service.url}/tele_op/leaderboard/update`, { method: 'POST', headers });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`the update answered ${response.status} ${text}`);
  };
  return new BoardSide('queue-service', world.pool(databaseUrl, 1), update, () => world.settle());
}

/** One side for each plain way. */
export async function bareSides(world: World): Promise<BoardSide[]> {
  const sides: BoardSide[] = [];
  for (const [name, sql] of Object.entries(BARE_REBUILDS)) {
    const pool = world.pool(await world.copied(`floor_${sides.length}`, 'template_board'), 1);
    sides.push(
      new BoardSide(
        name,
        pool,
        () => pool.query(sql),
        () => world.settle(),
      ),
    );
  }
  return sides;
}
