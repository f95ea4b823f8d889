import type { Command, Lease } from './command';
import type { Verdict } from './lease-gate';
import { Ring } from './ring';

/** One command as the robot saw it. */
export interface CommandEntry {
  /** Milliseconds of the process's monotonic clock (`performance.now()`). */
  readonly at: number;
  /** Null for a command without a lease. */
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly command: string;
  readonly id?: string;
  readonly verdict: Verdict;
  /** Why a command with a good lease was not carried out. */
  readonly refused?: string;
  /** Of DRIVE_COMMAND, as received: m/s and rad/s. */
  readonly linear?: number;
  readonly angular?: number;
}

/** Every command seen, the newest `capacity` kept; the counts are of all. What a test holds against the gateway's word. */
export class CommandLog {
  readonly counts: Record<Verdict | 'bad', number> = { obeyed: 0, stale_epoch: 0, repeated: 0, bad: 0 };
  readonly #ring: Ring<CommandEntry>;

  constructor(capacity: number) {
    this.#ring = new Ring(capacity);
  }

  add(entry: CommandEntry): void {
    this.counts[entry.verdict] += 1;
    this.#ring.push(entry);
  }

  bad(): void {
    this.counts.bad += 1;
  }

  get entries(): readonly CommandEntry[] {
    return this.#ring.entries;
  }
}

export function entryOf(
  command: Command,
  lease: Lease | undefined,
  at: number,
  verdict: Verdict,
  refused: string | undefined,
): CommandEntry {
  return {
    at,
    epoch: lease?.epoch ?? null,
    seq: lease?.seq ?? null,
    command: command.command,
    ...(command.id === undefined ? {} : { id: command.id }),
    verdict,
    ...(refused === undefined ? {} : { refused }),
    ...(command.command === 'DRIVE_COMMAND' ? { linear: command.linear, angular: command.angular } : {}),
  };
}
