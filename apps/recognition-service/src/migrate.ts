import { migrateRecognition } from './database/migrate-recognition';

const databaseUrl = process.env['DATABASE_URL'];
if (databaseUrl === undefined) {
  console.error('DATABASE_URL is not set');
  process.exit(1);
}
migrateRecognition(databaseUrl).then(
  (names) =>
    console.log(names.length === 0 ? 'recognition: up to date' : `recognition: ran ${names.join(', ')}`),
  (error: unknown) => {
    console.error('recognition: migration failed:', error);
    process.exit(1);
  },
);
