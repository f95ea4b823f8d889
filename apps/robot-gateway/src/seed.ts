import { seedRobots } from './fleet/seed-robots';

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined || databaseUrl === '') {
  process.stderr.write('DATABASE_URL is missing\n');
  process.exit(1);
}
seedRobots(databaseUrl, process.argv.includes('--demo')).then(
  (added) => process.stdout.write(`robots: ${added.length === 0 ? 'nothing to seed' : added.join(', ')}\n`),
  (error: Error) => {
    process.stderr.write(`robots: seeding failed: ${error.message}\n`);
    process.exit(1);
  },
);
