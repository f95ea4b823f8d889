import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const MS_PER_TICK = 10;
const LOOK_MS = 300;

interface Times {
  readonly at: number;
  /** CPU milliseconds of the whole machine, and of the given processes with their descendants. */
  readonly all: number;
  readonly own: number;
}

/** How much of the machine others use while we measure: figures taken beside a compiler run say little. */
export class Noise {
  /** `roots`: this benchmark's processes; what they started counts as ours too. */
  constructor(private readonly roots: () => readonly number[]) {}

  /** Runs `work`; `others` is the share of the machine, 0 to 1, that was used by processes not ours. */
  async during<T>(work: () => Promise<T>): Promise<{ result: T; others: number }> {
    const before = this.times();
    const result = await work();
    return { result, others: share(before, this.times()) };
  }

  /** Waits until others use less than `limit`, at most `timeoutMs`. */
  async untilQuiet(limit: number, timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline) {
      const { others } = await this.during(() => sleep(LOOK_MS));
      if (others < limit) return;
    }
  }

  private times(): Times {
    return { at: performance.now(), all: machineCpuMs(), own: cpuMsBelow(this.roots()) };
  }
}

function share(before: Times, after: Times): number {
  const others = after.all - before.all - (after.own - before.own);
  return Math.max(0, others / ((after.at - before.at) * availableParallelism()));
}

function machineCpuMs(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n', 1);
  // user nice system idle iowait irq softirq steal
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) * MS_PER_TICK;
}

/** CPU milliseconds that processes and all they started have used, as far as they are still there or were waited for. */
export function cpuMsBelow(roots: readonly number[]): number {
  const children = new Map<number, number[]>();
  const used = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const fields = statOf(pid);
    if (fields === undefined) continue;
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    // utime, stime, and those of children that have ended.
    const ticks = Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
    used.set(pid, ticks * MS_PER_TICK);
  }
  const seen = new Set<number>();
  const open = [...roots];
  let sum = 0;
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (seen.has(pid)) continue;
    seen.add(pid);
    sum += used.get(pid) ?? 0;
    open.push(...(children.get(pid) ?? []));
  }
  return sum;
}

/** The fields behind the name, which may hold spaces; undefined for a process that has just ended. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
