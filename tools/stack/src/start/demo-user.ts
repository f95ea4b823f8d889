import { Client, DatabaseError } from 'pg';

export interface DemoUser {
  userId: string;
  name: string;
  hashCode: string;
  role: string;
}

interface UserRow {
  user_id: string;
  user_name: string | null;
  hash_code: string;
  role: string;
}

const UNDEFINED_TABLE = '42P01';
const INVALID_SCHEMA = '3F000';

/** Someone from the demo data who may join a queue; null when there is none. */
export async function demoUser(databaseUrl: string): Promise<DemoUser | null> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<UserRow>(
      `SELECT user_id, user_name, hash_code, role FROM teleop.users
        WHERE hash_code IS NOT NULL AND user_class IN ('Innovator Member', 'Amplifier Member')
        ORDER BY user_class DESC, created_at, user_id LIMIT 1`,
    );
    const [row] = rows;
    if (row === undefined) return null;
    const { user_id: userId, user_name: name, hash_code: hashCode, role } = row;
    return { userId, name: name ?? 'demo user', hashCode, role };
  } catch (error) {
    // Without queue-service there is no such table, and nobody to join as.
    if (error instanceof DatabaseError && [UNDEFINED_TABLE, INVALID_SCHEMA].includes(error.code ?? ''))
      return null;
    throw error;
  } finally {
    await client.end();
  }
}
