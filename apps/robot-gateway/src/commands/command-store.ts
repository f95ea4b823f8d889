import { Injectable } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import type { CancelCommand, NavigateCommand } from './domain/robot-command';
import { FAIL_ORPHANS, MARK_SENT, SETTLE_COMMANDS, WRITE_COMMANDS } from './sql/commands.sql';

/** A command that must arrive, under the id by which the robot acknowledges it. */
export type KeptCommand = (NavigateCommand | CancelCommand) & { readonly id: string };

export interface SettledCommand {
  readonly robotId: string;
  readonly command: KeptCommand;
}

interface SettledRow {
  readonly robot_id: string;
  readonly body: KeptCommand;
}

const settledOf = ({ robot_id: robotId, body: command }: SettledRow): SettledCommand => ({
  robotId,
  command,
});

@Injectable()
export class CommandStore {
  constructor(private readonly database: Database) {}

  async write(tx: Tx, robotId: string, issuedBy: string, commands: readonly KeptCommand[]): Promise<void> {
    const ids = commands.map(({ id }) => id);
    await tx.query(WRITE_COMMANDS, [ids, robotId, commands.map((body) => JSON.stringify(body)), issuedBy]);
  }

  async sent(ids: readonly string[], msAgo: number): Promise<void> {
    await this.database.query(MARK_SENT, [ids, msAgo]);
  }

  /** Those that were still open. */
  async settle(
    ids: readonly string[],
    status: 'acknowledged' | 'failed',
    reason: string | null,
  ): Promise<SettledCommand[]> {
    return (await this.database.query<SettledRow>(SETTLE_COMMANDS, [ids, status, reason])).map(settledOf);
  }

  async failOrphans(olderThanMs: number): Promise<SettledCommand[]> {
    return (await this.database.query<SettledRow>(FAIL_ORPHANS, [olderThanMs])).map(settledOf);
  }
}
