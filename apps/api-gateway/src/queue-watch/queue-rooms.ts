import type { QueueChanged, QueueUpdate, QueueVersion } from '@teleop/contracts';
import type { PacedPullOptions } from '../sockets/paced-pull';
import type { Timing } from '../sockets/timing';
import { QueueRoom } from './queue-room';

export interface QueueRoomsPorts extends Timing {
  readonly snapshot: (robotId: string) => Promise<QueueUpdate>;
  readonly versions: (robotIds: string[]) => Promise<readonly QueueVersion[]>;
  readonly emit: (update: QueueUpdate, waitedMs: number) => void;
  readonly failed: (robotId: string | undefined, error: unknown) => void;
}

export interface QueueRoomsOptions extends PacedPullOptions {
  readonly reconcileMs: number;
}

/** A place in a room; the room is kept up to date for as long as anybody holds one. */
export interface Seat {
  readonly room: QueueRoom;
  /** Safe to call more than once. */
  release(): void;
}

/** As many as one request may name. */
const ROBOTS_PER_QUESTION = 1_000;

/** The rooms of all robots that anybody here watches, and the safety net under them. */
export class QueueRooms {
  readonly #rooms = new Map<string, { room: QueueRoom; seats: number }>();
  #stopTimer: (() => void) | undefined;
  #asking = false;
  #askAgain = false;
  #closed = false;

  constructor(
    private readonly options: QueueRoomsOptions,
    private readonly ports: QueueRoomsPorts,
  ) {}

  get size(): number {
    return this.#rooms.size;
  }

  seat(robotId: string): Seat {
    let entry = this.#rooms.get(robotId);
    if (entry === undefined) this.#rooms.set(robotId, (entry = { room: this.#open(robotId), seats: 0 }));
    const { room } = entry;
    entry.seats += 1;
    this.#schedule();
    let held = true;
    const release = () => {
      if (held) this.#release(robotId);
      held = false;
    };
    return { room, release };
  }

  heard({ robotId, version }: QueueChanged): void {
    this.#rooms.get(robotId)?.room.heard(version);
  }

  /** Asks which version every watched queue is at: what was announced while nobody could hear it is found here. */
  reconcile(): void {
    if (this.#asking) {
      // The question on its way may have been answered before what we are to find out happened.
      this.#askAgain = true;
      return;
    }
    if (this.#closed || this.#rooms.size === 0) return;
    this.#asking = true;
    void this.#ask().finally(() => {
      this.#asking = false;
      if (!this.#askAgain) return;
      this.#askAgain = false;
      this.reconcile();
    });
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer?.();
    for (const { room } of this.#rooms.values()) room.close();
    this.#rooms.clear();
  }

  #open(robotId: string): QueueRoom {
    return new QueueRoom(this.options, {
      now: this.ports.now,
      later: this.ports.later,
      pull: () => this.ports.snapshot(robotId),
      emit: this.ports.emit,
      failed: (error) => this.ports.failed(robotId, error),
    });
  }

  #release(robotId: string): void {
    const entry = this.#rooms.get(robotId);
    if (entry === undefined) return;
    entry.seats -= 1;
    if (entry.seats > 0) return;
    entry.room.close();
    this.#rooms.delete(robotId);
  }

  #schedule(): void {
    if (this.#stopTimer !== undefined || this.#closed) return;
    this.#stopTimer = this.ports.later(this.options.reconcileMs, () => {
      this.#stopTimer = undefined;
      if (this.#rooms.size === 0) return;
      this.reconcile();
      this.#schedule();
    });
  }

  async #ask(): Promise<void> {
    const robotIds = [...this.#rooms.keys()];
    for (let from = 0; from < robotIds.length; from += ROBOTS_PER_QUESTION) {
      try {
        const versions = await this.ports.versions(robotIds.slice(from, from + ROBOTS_PER_QUESTION));
        for (const { robotId, version } of versions) this.#rooms.get(robotId)?.room.heard(version);
      } catch (error) {
        // The next round asks again.
        this.ports.failed(undefined, error);
      }
    }
  }
}
