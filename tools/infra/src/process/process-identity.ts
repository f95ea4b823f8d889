import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A pid alone can be recycled; together with the moment the process started it names one process for good. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

export interface ProcessState {
  state: string;
  startedAt: string;
}

/**
 * `/proc/<pid>/stat`: the name in parentheses may hold spaces and parentheses itself, so fields are counted from the last `)`.
 * Field 3 is the state, field 22 the start time in clock ticks since boot.
 */
export function parseProcStat(stat: string): ProcessState | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startedAt = fields[19];
  return state && startedAt ? { state, startedAt } : null;
}

/** Null when there is no such process, or only its zombie: a killed server waiting for its parent answers `kill(pid, 0)`. */
export function identify(pid: number): ProcessIdentity | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const found = process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  return found && !found.state.startsWith('Z') && !found.state.startsWith('X')
    ? { pid, startedAt: `${bootId()}:${found.startedAt}` }
    : null;
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

function fromProc(pid: number): ProcessState | null {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null; // ENOENT or ESRCH: it is gone
  }
}

function fromPs(pid: number): ProcessState | null {
  try {
    const [state, ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/);
    return state ? { state, startedAt: started.join(' ') } : null;
  } catch {
    return null; // ps exits 1 for an unknown pid
  }
}

let cachedBootId: string | undefined;

/** Ticks since boot repeat after a reboot, and pids do too. */
function bootId(): string {
  cachedBootId ??= readBootId();
  return cachedBootId;
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'boot';
  }
}
