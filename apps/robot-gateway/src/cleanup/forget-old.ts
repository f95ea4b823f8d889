import { Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { InjectConfig } from '@teleop/service-kit';
import { CommandStore } from '../commands/command-store';
import { KeptCommands } from '../commands/kept-commands';
import type { RobotsConfig } from '../config';
import { FORGET_COMMANDS, FORGET_ROUTES } from './sql/cleanup.sql';

/** Rows deleted at a time: no lock is held for long. */
const AT_MOST = 500;
/** Beyond what their own process takes to settle a command. Milliseconds. */
const ORPHAN_MARGIN_MS = 5_000;

/** Reports commands whose process died as failed, and deletes what ended long ago. */
@Injectable()
export class ForgetOld {
  constructor(
    private readonly database: Database,
    private readonly store: CommandStore,
    private readonly commands: KeptCommands,
    @InjectConfig() private readonly config: RobotsConfig,
  ) {}

  async run(): Promise<void> {
    const { COMMAND_KEEP_MS, COMMAND_ACK_MS, ROBOT_RETENTION_DAYS } = this.config;
    const orphans = await this.store.failOrphans(COMMAND_KEEP_MS + COMMAND_ACK_MS + ORPHAN_MARGIN_MS);
    this.commands.report(orphans, 'the gateway was restarted');
    await this.database.query(FORGET_ROUTES, [ROBOT_RETENTION_DAYS, AT_MOST]);
    await this.database.query(FORGET_COMMANDS, [ROBOT_RETENTION_DAYS, AT_MOST]);
  }
}
