export { Database, type DatabaseOptions } from './database';
export { DatabaseUnavailable, isTransient, isUniqueViolation } from './errors';
export { identifier } from './identifier';
export { Inbox } from './inbox';
export { runMigrations, type MigrationRun } from './migrations';
export { outboxInboxDdl } from './outbox-inbox-ddl';
export { OutboxStore, type OutboxLease, type OutboxRow } from './outbox-store';
export { PersistenceModule, type PersistenceOptions } from './persistence.module';
export { NoRowError, type Tx } from './tx';
