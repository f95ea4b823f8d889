export interface NamedCommand {
  readonly id: string;
  readonly status: unknown;
}

/** The command that new firmware names in its telemetry: the one it is at, or was at last. */
export function namedCommand(state: Readonly<Record<string, unknown>>): NamedCommand | undefined {
  const { command } = state;
  if (typeof command !== 'object' || command === null) return undefined;
  const { id, status } = command as { id?: unknown; status?: unknown };
  return typeof id === 'string' ? { id, status } : undefined;
}
