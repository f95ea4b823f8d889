import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@teleop/persistence';
import { Clock, InjectConfig, LOGGER, Logger } from '@teleop/service-kit';
import { Commander } from '../commands/commander';
import type { CancelCommand } from '../commands/domain/robot-command';
import { Notifications } from '../events/notifications';
import { RobotSituations } from '../lease/robot-situation';
import { LiveRobots } from '../telemetry/live-robots';
import { stopAction, type StopTimes } from './domain/stop-action';
import { StopStore, type OpenStop } from './stop-store';
import type { TaskConfig } from './task-settings';

type Listener = (robotId: string) => void;

/** Sees to it that a robot stops the step of a task that ended or was preempted: a CANCEL until it confirms. */
@Injectable()
export class StopSteps {
  readonly #times: StopTimes;
  readonly #listeners: Listener[] = [];

  constructor(
    private readonly database: Database,
    private readonly stops: StopStore,
    private readonly situations: RobotSituations,
    private readonly commander: Commander,
    private readonly live: LiveRobots,
    private readonly notifications: Notifications,
    private readonly clock: Clock,
    @InjectConfig() config: TaskConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#times = {
      retryMs: config.TASK_RETRY_MS,
      ackMs: config.TASK_STOP_ACK_MS,
      keepMs: config.TASK_STOP_KEEP_MS,
    };
  }

  /** Calls back when a robot owes us no stop any more. */
  onSettled(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async run(robotId: string): Promise<void> {
    if ((await this.stops.of(robotId)).length === 0) return;
    const { send, given, settled, epoch } = await this.database.transaction(async (tx) => {
      const { lease } = await this.situations.take(tx, robotId);
      const open = (await this.stops.of(robotId, tx)).map((stop) => ({
        stop,
        action: this.actionOf(robotId, stop),
      }));
      const those = (wanted: string) => open.flatMap(({ stop, action }) => (action === wanted ? [stop] : []));
      await this.stops.trying(tx, idsOf(those('send')));
      const over = await this.stops.settle(idsOf([...those('settled'), ...those('give_up')]), tx);
      return { send: those('send'), given: those('give_up'), settled: over.length > 0, epoch: lease.epoch };
    });
    if (settled) this.tellSettled(robotId);
    for (const stop of given) this.giveUp(robotId, stop);
    if (send.length === 0) return;
    if ((await this.commander.deliver(robotId, send.map(cancelOf), epoch)) === 'sent') {
      await this.stops.sent(idsOf(send));
    }
  }

  /** The robot acknowledged a command that may be one of these. */
  async acknowledged(commandId: string): Promise<void> {
    for (const { robotId } of await this.stops.settle([commandId])) this.tellSettled(robotId);
  }

  private actionOf(robotId: string, { sinceMs, triedMs, sentMs }: OpenStop) {
    const state = this.live.stateOf(robotId);
    const robot = state && { driveMode: state['driveMode'], ageMs: this.live.ageMs(robotId) };
    return stopAction({ sinceMs, triedMs, sentMs, robot }, this.#times);
  }

  private giveUp(robotId: string, { taskId }: OpenStop): void {
    this.log.warn({ robotId, taskId }, 'the robot never confirmed that it stopped a step');
    this.notifications.tell({
      robotId,
      priority: 'ERROR',
      event: 'STOP_NOT_CONFIRMED',
      message: `The robot did not confirm that it stopped the step of task ${taskId}`,
      timestamp: new Date(this.clock.now()).toISOString(),
    });
  }

  private tellSettled(robotId: string): void {
    for (const listener of this.#listeners) listener(robotId);
  }
}

const idsOf = (stops: readonly OpenStop[]): string[] => stops.map(({ commandId }) => commandId);

const cancelOf = ({ commandId, taskId }: OpenStop): CancelCommand => ({
  command: 'CANCEL',
  id: commandId,
  taskId,
});
