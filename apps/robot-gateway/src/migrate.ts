import { migrateRobots } from './migrations/migrate-robots';

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined || databaseUrl === '') {
  process.stderr.write('DATABASE_URL is missing\n');
  process.exit(1);
}
migrateRobots(databaseUrl).then(
  (ran) => process.stdout.write(`robots: ${ran.length === 0 ? 'up to date' : ran.join(', ')}\n`),
  (error: Error) => {
    process.stderr.write(`robots: migration failed: ${error.message}\n`);
    process.exit(1);
  },
);
