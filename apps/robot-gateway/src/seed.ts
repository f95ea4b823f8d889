import { seedRobots } from './fleet/seed-robots';
import { DEMO_MAP, seedMap } from './map/seed-map';

async function seed(databaseUrl: string, demo: boolean): Promise<string[]> {
  const robots = await seedRobots(databaseUrl, demo);
  const map = demo ? await seedMap(databaseUrl, DEMO_MAP) : undefined;
  return map === undefined ? robots : [...robots, `map ${map}`];
}

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined || databaseUrl === '') {
  process.stderr.write('DATABASE_URL is missing\n');
  process.exit(1);
}
seed(databaseUrl, process.argv.includes('--demo')).then(
  (added) => process.stdout.write(`robots: ${added.length === 0 ? 'nothing to seed' : added.join(', ')}\n`),
  (error: Error) => {
    process.stderr.write(`robots: seeding failed: ${error.message}\n`);
    process.exit(1);
  },
);
