import {
  Global,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Database, type DatabaseOptions } from './database';
import { DatabaseUnavailable } from './errors';
import { Inbox } from './inbox';
import { OutboxStore } from './outbox-store';

export interface PersistenceOptions extends DatabaseOptions {
  /** Milliseconds to wait for PostgreSQL at start before giving up. */
  readonly startTimeoutMs?: number;
}

const RETRY_MS = 250;

/** Opens the pool before anything else of the service starts, closes it after everything else stopped. */
class DatabaseLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly startTimeoutMs: number,
  ) {}

  async onModuleInit(): Promise<void> {
    const deadline = performance.now() + this.startTimeoutMs;
    for (;;) {
      try {
        await this.database.connect();
        return;
      } catch (error) {
        if (!(error instanceof DatabaseUnavailable) || performance.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

@Global()
@Module({})
export class PersistenceModule {
  static forRoot(options: PersistenceOptions): DynamicModule {
    const database = new Database(options);
    return {
      module: PersistenceModule,
      providers: [
        { provide: Database, useValue: database },
        { provide: OutboxStore, useValue: new OutboxStore(database, options.schema) },
        { provide: Inbox, useValue: new Inbox(database, options.schema) },
        {
          provide: DatabaseLifecycle,
          useFactory: () => new DatabaseLifecycle(database, options.startTimeoutMs ?? 30_000),
        },
      ],
      exports: [Database, OutboxStore, Inbox],
    };
  }
}
