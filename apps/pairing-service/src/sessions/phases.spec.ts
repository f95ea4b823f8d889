import { after, EVENTS, IllegalTransition, may, PHASES, TRANSITIONS, type Phase } from './phases';

describe('the phases of a side', () => {
  it('can all be reached', () => {
    const reached = new Set<Phase>(['reserved']);
    for (const phase of reached) for (const next of Object.values(TRANSITIONS[phase])) reached.add(next);
    expect([...reached].sort()).toEqual([...PHASES].sort());
  });

  it('can all be left for the end, which nothing leaves', () => {
    for (const phase of PHASES) expect(may(phase, 'end')).toBe(phase !== 'ended');
    for (const event of EVENTS) expect(() => after('ended', event)).toThrow(IllegalTransition);
  });

  it('allow nothing but what the table holds', () => {
    const allowed = PHASES.flatMap((phase) =>
      EVENTS.filter((event) => may(phase, event)).map((event) => `${phase} ${event} ${after(phase, event)}`),
    );
    expect(allowed).toEqual([
      'reserved activate active',
      'reserved lose ended',
      'reserved end ended',
      'active detach detached',
      'active lose ended',
      'active end ended',
      'detached lose ended',
      'detached resume active',
      'detached end ended',
    ]);
  });
});
