import { namedCommand, type NamedCommand } from '../../telemetry/named-command';

/** Bad news counts when it is said again: the event that tells the reason comes at the same time. */
const BAD: ReadonlySet<unknown> = new Set(['FAILED', 'CANCELED']);

/** Which of the commands that telemetry names again and again are news. */
export class NamedCommands {
  readonly #last = new Map<string, NamedCommand & { readonly told: boolean }>();

  /** The command, the first time (of bad news, the second time) that it is named with this status. */
  hear(robotId: string, state: Readonly<Record<string, unknown>>): NamedCommand | undefined {
    const named = namedCommand(state);
    if (named === undefined) return undefined;
    const last = this.#last.get(robotId);
    const again = last?.id === named.id && last.status === named.status;
    if (again && last.told) return undefined;
    const told = again || !BAD.has(named.status);
    this.#last.set(robotId, { ...named, told });
    return told ? named : undefined;
  }

  /** What it says next is news. */
  forget(robotId: string): void {
    this.#last.delete(robotId);
  }
}
