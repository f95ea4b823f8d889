/** Where one side of a session stands, on the replica that holds (or held) its socket. */
export const PHASES = ['reserved', 'active', 'detached', 'ended'] as const;
export type Phase = (typeof PHASES)[number];

/**
 * `activate`: both sockets are there. `detach`: the socket is lost, within its grace. `lose`: for good. `resume`: it came back.
 * `end`: somebody said so.
 */
export const EVENTS = ['activate', 'detach', 'lose', 'resume', 'end'] as const;
export type PhaseEvent = (typeof EVENTS)[number];

/** Everything that can happen to a side; what is not here cannot. */
export const TRANSITIONS: Readonly<Record<Phase, Readonly<Partial<Record<PhaseEvent, Phase>>>>> = {
  reserved: { activate: 'active', lose: 'ended', end: 'ended' },
  active: { detach: 'detached', lose: 'ended', end: 'ended' },
  detached: { resume: 'active', lose: 'ended', end: 'ended' },
  ended: {},
};

export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
}

export function may(phase: Phase, event: PhaseEvent): boolean {
  return TRANSITIONS[phase][event] !== undefined;
}

/** Throws IllegalTransition for what the table does not hold. */
export function after(phase: Phase, event: PhaseEvent): Phase {
  const next = TRANSITIONS[phase][event];
  if (next === undefined) throw new IllegalTransition(`${event} of a side that is ${phase}`);
  return next;
}
