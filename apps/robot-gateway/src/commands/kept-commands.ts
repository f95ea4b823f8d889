import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Tx } from '@teleop/messaging';
import { Clock, InjectConfig, LOGGER, Logger, Metrics, stopController } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';
import { Notifications } from '../events/notifications';
import { LiveRobots } from '../telemetry/live-robots';
import { CommandStore, type KeptCommand, type SettledCommand } from './command-store';
import { Commander } from './commander';
import { showsTaken } from './domain/acknowledged';
import type { RobotCommand } from './domain/robot-command';
import { RobotAcks } from './robot-acks';
import { SentMoments } from './sent-moments';

interface Batch {
  readonly robotId: string;
  readonly commands: readonly KeptCommand[];
  /** What goes out in front of them and is kept by somebody else. */
  readonly before: readonly RobotCommand[];
  readonly epoch: number;
  /** Still waiting for the robot's socket. */
  waiting: boolean;
  superseded: boolean;
  /** On the robot's socket. */
  sent: boolean;
}

interface AwaitedAck {
  readonly robotId: string;
  readonly command: KeptCommand;
  readonly sentAt: number;
  readonly until: number;
}

/**
 * NAVIGATE and CANCEL of people: written down, kept while the robot's socket is away, and in the end acknowledged by the
 * robot or reported failed, whatever happens to this process.
 */
@Injectable()
export class KeptCommands implements OnModuleDestroy {
  readonly #batches = new Set<Batch>();
  readonly #awaited = new Map<string, AwaitedAck>();
  readonly #outcomes;
  readonly #stopping = stopController();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: CommandStore,
    private readonly commander: Commander,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
    private readonly moments: SentMoments,
    live: LiveRobots,
    acks: RobotAcks,
    metrics: Metrics,
    @InjectConfig() private readonly config: RobotsConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#outcomes = metrics.counter('robot_commands_total', 'Commands that must arrive, by how they ended', [
      'outcome',
    ]);
    acks.onAck(({ robotId, id, accepted, reason }) => {
      if (this.#awaited.get(id)?.robotId !== robotId) return;
      this.settle(
        [id],
        accepted ? 'acknowledged' : 'failed',
        accepted ? null : (reason ?? 'refused by the robot'),
      );
    });
    live.onTelemetry((robotId, { state, receivedAt }) => {
      for (const [id, awaited] of this.#awaited) {
        // What was said before it was sent says nothing of it.
        if (awaited.robotId !== robotId || receivedAt <= awaited.sentAt) continue;
        if (showsTaken(awaited.command, state)) this.settle([id], 'acknowledged', null);
      }
    });
  }

  onModuleDestroy(): void {
    this.#stopping.abort();
    clearInterval(this.#timer);
  }

  /** In the transaction that decides that they may be given. */
  write(tx: Tx, robotId: string, issuedBy: string, commands: readonly KeptCommand[]): Promise<void> {
    return this.store.write(tx, robotId, issuedBy, commands);
  }

  /**
   * After the commit. Resolves once they were sent (true) or have to wait for the robot; the rest happens by itself. What still
   * waits for the same robot is given up: a person's later word is the one that counts.
   */
  async begin(
    robotId: string,
    commands: readonly KeptCommand[],
    epoch: number,
    before: readonly RobotCommand[] = [],
  ): Promise<boolean> {
    for (const older of this.#batches)
      if (older.robotId === robotId && older.waiting) older.superseded = true;
    const batch: Batch = { robotId, commands, before, epoch, waiting: true, superseded: false, sent: false };
    this.#batches.add(batch);
    const over = await this.attempt(batch);
    if (over) this.#batches.delete(batch);
    else void this.keepTrying(batch).finally(() => this.#batches.delete(batch));
    return batch.sent;
  }

  private async keepTrying(batch: Batch): Promise<void> {
    const deadline = this.clock.monotonic() + this.config.COMMAND_KEEP_MS;
    for (;;) {
      try {
        await sleep(this.config.COMMAND_RETRY_MS, undefined, { signal: this.#stopping.signal });
      } catch {
        // Stopping: whoever comes next reports them failed.
        return;
      }
      if (batch.superseded) return this.fail(batch, 'a later command took its place');
      if (await this.attempt(batch)) return;
      if (this.clock.monotonic() > deadline) return this.fail(batch, 'the robot’s socket is not connected');
    }
  }

  /** True when there is nothing more to try. */
  private async attempt(batch: Batch): Promise<boolean> {
    const sentAt = this.clock.monotonic();
    const delivery = await this.commander.deliver(
      batch.robotId,
      [...batch.before, ...batch.commands],
      batch.epoch,
    );
    if (delivery === 'away') return false;
    batch.waiting = false;
    batch.sent = delivery === 'sent';
    const ids = batch.commands.map(({ id }) => id);
    if (batch.sent) this.moments.note(batch.robotId, ids);
    if (delivery === 'stale') {
      this.fail(batch, 'somebody else took over the robot');
      return true;
    }
    // `unknown` as well: it may have been sent, so it must not be sent again; the robot shows which.
    const until = this.clock.monotonic() + this.config.COMMAND_ACK_MS;
    for (const command of batch.commands)
      this.#awaited.set(command.id, { robotId: batch.robotId, command, sentAt, until });
    this.#timer ??= setInterval(() => this.giveUp(), this.config.COMMAND_RETRY_MS).unref();
    await this.store.sent(ids, this.clock.monotonic() - sentAt).catch((error: unknown) => {
      this.log.warn({ err: error, robotId: batch.robotId }, 'that a command was sent is not written down');
    });
    return true;
  }

  private giveUp(): void {
    const now = this.clock.monotonic();
    for (const [id, { until }] of this.#awaited) {
      if (now >= until) this.settle([id], 'failed', 'the robot did not show that it took it');
    }
    if (this.#awaited.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  private fail(batch: Batch, reason: string): void {
    this.settle(
      batch.commands.map(({ id }) => id),
      'failed',
      reason,
    );
  }

  private settle(ids: readonly string[], status: 'acknowledged' | 'failed', reason: string | null): void {
    for (const id of ids) this.#awaited.delete(id);
    this.store.settle(ids, status, reason).then(
      (settled) => {
        this.#outcomes.inc({ outcome: status }, settled.length);
        if (status === 'failed') this.report(settled, reason ?? '');
      },
      // They stay open in the database, and the sweep reports them.
      (error: unknown) => this.log.warn({ err: error }, 'how a command ended is not written down'),
    );
  }

  /** Tells people of commands that did not get through. */
  report(settled: readonly SettledCommand[], reason: string): void {
    for (const { robotId, command } of settled) {
      const what = command.command === 'NAVIGATE' ? `NAVIGATE to ${command.destination}` : command.command;
      this.notifications.tell({
        robotId,
        priority: 'ERROR',
        event: 'COMMAND_FAILED',
        message: `${what} failed: ${reason}`,
        timestamp: new Date(this.clock.now()).toISOString(),
      });
      this.log.warn({ robotId, command: command.command, commandId: command.id, reason }, 'command failed');
    }
  }
}
