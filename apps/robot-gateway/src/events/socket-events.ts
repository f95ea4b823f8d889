import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Logger, ProblemError } from '@teleop/service-kit';
import { OrderLine } from '../manual/order-line';
import type { Relay } from '../relay/relay';
import { Relays } from '../relay/relays';
import { RobotEvents } from './robot-events';

/** Events of one robot that may wait for the one being written down. */
const MAX_WAITING = 100;

type Lines = Readonly<Record<'events' | 'results', OrderLine>>;

/** Events that robots of newer firmware send over their control socket. */
@Injectable()
export class SocketEvents {
  readonly #lines = new WeakMap<Relay, Lines>();

  constructor(
    private readonly relays: Relays,
    events: RobotEvents,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    relays.onRobotSaid((robotId, data) => {
      const frame = parsed(data);
      if (frame === undefined) return;
      // There is no answer on a socket: a robot that must know sends its event over HTTP.
      const taken = this.linesOf(robotId)[isResult(frame) ? 'results' : 'events'].add(() =>
        events.acceptFrame(robotId, frame).catch((error: unknown) => {
          // Counted where it was refused: a robot that floods must not fill the log as well.
          if (error instanceof ProblemError) this.log.debug({ err: error, robotId }, 'an event was refused');
          else this.log.warn({ err: error, robotId }, 'an event was not taken');
        }),
      );
      if (!taken) relays.counters.dropped.robot_flood += 1;
    });
  }

  /**
   * One after the other: a robot that floods keeps a connection or two to the database busy, not all of them. Results of
   * steps do not wait behind its chatter.
   */
  private linesOf(robotId: string): Lines {
    const relay = this.relays.of(robotId);
    let lines = this.#lines.get(relay);
    if (lines === undefined) {
      lines = { events: new OrderLine(MAX_WAITING), results: new OrderLine(MAX_WAITING) };
      this.#lines.set(relay, lines);
    }
    return lines;
  }
}

function isResult(frame: object): boolean {
  const { event } = frame as { event?: unknown };
  return event === 'STEP_DONE' || event === 'STEP_FAILED';
}

function parsed(data: Buffer): object | undefined {
  try {
    const frame = JSON.parse(data.toString('utf8')) as Record<string, unknown> | null;
    if (typeof frame !== 'object' || frame === null || frame['type'] === 'ack') return undefined;
    return 'event' in frame || 'priority' in frame ? frame : undefined;
  } catch {
    // It only looked like one.
    return undefined;
  }
}
