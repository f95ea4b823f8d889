import { migrateTeach } from './migrations/migrate-teach';

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined || databaseUrl === '') {
  process.stderr.write('DATABASE_URL is missing\n');
  process.exit(1);
}
migrateTeach(databaseUrl).then(
  (ran) => process.stdout.write(`teach: ${ran.length === 0 ? 'up to date' : ran.join(', ')}\n`),
  (error: Error) => {
    process.stderr.write(`teach: migration failed: ${error.message}\n`);
    process.exit(1);
  },
);
