import { seedTeleop } from './database/seed-teleop';

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined) {
  console.error('DATABASE_URL is not set');
  process.exit(1);
}
seedTeleop(databaseUrl, process.argv.includes('--demo')).then(
  () => console.log('teleop: seeded'),
  (error: unknown) => {
    console.error('teleop: seeding failed:', error);
    process.exit(1);
  },
);
