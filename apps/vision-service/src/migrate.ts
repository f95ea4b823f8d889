import { migrateVision } from './database/migrate-vision';

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined) {
  console.error('DATABASE_URL is not set');
  process.exit(1);
}
migrateVision(databaseUrl).then(
  (names) => console.log(names.length === 0 ? 'vision: up to date' : `vision: ran ${names.join(', ')}`),
  (error: unknown) => {
    console.error('vision: migration failed:', error);
    process.exit(1);
  },
);
