import { migrateTeleop } from './database/migrate-teleop';

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined) {
  console.error('DATABASE_URL is not set');
  process.exit(1);
}
migrateTeleop(databaseUrl).then(
  (names) => console.log(names.length === 0 ? 'teleop: up to date' : `teleop: ran ${names.join(', ')}`),
  (error: unknown) => {
    console.error('teleop: migration failed:', error);
    process.exit(1);
  },
);
