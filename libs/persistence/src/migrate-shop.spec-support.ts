import 'reflect-metadata';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runMigrations } from './migrations';

export class SlowTable1700000000001 implements MigrationInterface {
  readonly name = 'SlowTable1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE shop.slow (id int)');
    await runner.query('SELECT pg_sleep(0.3)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shop.slow');
  }
}

export class SecondTable1700000000002 implements MigrationInterface {
  readonly name = 'SecondTable1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE shop.second (id int)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE shop.second');
  }
}

// Run as a process of its own with a database URL: migrates, and prints what it ran.
if (require.main === module) {
  const migrations = [SlowTable1700000000001, SecondTable1700000000002];
  runMigrations({ databaseUrl: process.argv[2] ?? '', schema: 'shop', migrations }).then(
    (done) => process.stdout.write(JSON.stringify(done)),
    (error: unknown) => {
      process.stderr.write(String(error));
      process.exitCode = 1;
    },
  );
}
