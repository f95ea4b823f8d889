import pg from 'pg';

/** The three arms, their rules as data. Operators' changes are kept. */
const ROBOTS = `
  INSERT INTO teleop.robot_status (robot_id, requires_monad, amplifier_daily_joins, amplifier_lifetime_sessions)
  VALUES ('arm1', false, 3, NULL), ('arm2', true, NULL, NULL), ('arm3', false, NULL, 3)
  ON CONFLICT (robot_id) DO NOTHING
`;

/** Users to try the suite with: `hash_code` is their bearer token. Development only. */
export const DEMO_USERS = [
  ['00000000-0000-4000-8000-000000000001', 'Ada', 'ada@example.org', 'Innovator Member', 'Admin', 'demo-ada'],
  [
    '00000000-0000-4000-8000-000000000002',
    'Grace',
    'grace@example.org',
    'Innovator Member',
    'Operator',
    'demo-grace',
  ],
  [
    '00000000-0000-4000-8000-000000000003',
    'Alan',
    'alan@example.org',
    'Amplifier Member',
    'Viewer',
    'demo-alan',
  ],
  [
    '00000000-0000-4000-8000-000000000004',
    'Edsger',
    'edsger@example.org',
    'Amplifier Member',
    'Viewer',
    'demo-edsger',
  ],
  [
    '00000000-0000-4000-8000-000000000005',
    'Barbara',
    'barbara@example.org',
    'Explorer Member',
    'Viewer',
    'demo-barbara',
  ],
] as const;

const USERS = `
  INSERT INTO teleop.users (user_id, user_name, email, user_class, role, hash_code, monad_receive_address)
  VALUES ($1, $2, $3, $4, $5, $6, '0x' || substr(encode(sha256(convert_to($6, 'UTF8')), 'hex'), 1, 40))
  ON CONFLICT (user_id) DO NOTHING
`;

/** Base rows always; demo users when asked for. Safe to run at every start. */
export async function seedTeleop(databaseUrl: string, demo: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(ROBOTS);
    if (demo) for (const user of DEMO_USERS) await client.query(USERS, [...user]);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
