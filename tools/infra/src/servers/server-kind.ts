import type { Command } from '../process/spawn-detached';
import type { StopStep } from '../process/end-process';
import type { ServerName } from '../types';

/** What is particular to one kind of server; starting, adopting and stopping are common (managed-server.ts). */
export interface ServerKind {
  readonly name: ServerName;
  /** For people: "PostgreSQL". */
  readonly label: string;
  /** The process name as the kernel shows it. */
  readonly comm: string;
  /** Its working folder below the data folder; only this server runs there. */
  readonly dir: string;
  /** Makes data folder and configuration where they are missing. */
  prepare(): Promise<void>;
  command(port: number): Promise<Command>;
  /** One look: does it serve on this port? */
  ready(port: number): Promise<boolean>;
  /** Signals of a clean stop, in order of growing impatience; SIGKILL follows by itself. */
  readonly stopSteps: StopStep[];
  /** Which of the processes found on our folder to end, and how; without it all of them by `stopSteps`. */
  leftovers?(pids: readonly number[]): { pid: number; steps: StopStep[] }[];
  /** Turns what the server wrote before it died into words for a person; null when nothing is known. */
  explain(logTail: string): string | null;
}
