import { Injectable } from '@nestjs/common';
import { Clock } from '@teleop/service-kit';

/** Of one robot; older ones are over. */
const KEPT = 8;

/**
 * When this process put commands on robots' sockets, by its own clock. The database knows it too, but only when it is told,
 * which may be after the robot's answer: a robot that says IDLE at once would seem to have said so before.
 */
@Injectable()
export class SentMoments {
  readonly #sent = new Map<string, Map<string, number>>();

  constructor(private readonly clock: Clock) {}

  note(robotId: string, ids: readonly string[]): void {
    const ofRobot = this.#sent.get(robotId) ?? new Map<string, number>();
    this.#sent.set(robotId, ofRobot);
    const now = this.clock.monotonic();
    for (const id of ids) {
      ofRobot.delete(id);
      ofRobot.set(id, now);
    }
    for (const id of [...ofRobot.keys()].slice(0, -KEPT)) ofRobot.delete(id);
  }

  /** Milliseconds; undefined when it was not this process, or long ago. */
  since(robotId: string, id: string | undefined): number | undefined {
    const at = id === undefined ? undefined : this.#sent.get(robotId)?.get(id);
    return at === undefined ? undefined : this.clock.monotonic() - at;
  }
}
