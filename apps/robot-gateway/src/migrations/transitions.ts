type Transitions = Readonly<Record<string, readonly string[]>>;

/** Writes a state machine's table of transitions into the schema, where the guard reads it. Names are ours, never input. */
export function transitionsSql(machine: string, transitions: Transitions): string {
  const rows = Object.entries(transitions).flatMap(([from, allowed]) =>
    allowed.map((to) => `('${machine}', '${from}', '${to}')`),
  );
  return `INSERT INTO robots.state_transition (machine, from_state, to_state) VALUES ${rows.join(', ')}`;
}
