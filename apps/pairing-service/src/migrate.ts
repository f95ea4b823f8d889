import { migratePairing } from './migrations/migrate-pairing';

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined || databaseUrl === '') {
  process.stderr.write('DATABASE_URL is missing\n');
  process.exit(1);
}
migratePairing(databaseUrl).then(
  (ran) => process.stdout.write(`pairing: ${ran.length === 0 ? 'up to date' : ran.join(', ')}\n`),
  (error: Error) => {
    process.stderr.write(`pairing: migration failed: ${error.message}\n`);
    process.exit(1);
  },
);
