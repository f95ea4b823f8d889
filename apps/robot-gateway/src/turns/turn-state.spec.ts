import fc from 'fast-check';
import { isOver, isRunning, learn, type TurnFact, type TurnState } from './turn-state';

const activated = (turn: number): TurnFact => ({
  kind: 'activated',
  turn,
  tokenHash: `hash-${turn}`,
  userId: `user-${turn}`,
  expiresAt: `expires-${turn}`,
  deadline: turn * 1_000,
});
const ended = (turn: number): TurnFact => ({
  kind: 'ended',
  turn,
  tokenHash: `hash-${turn}`,
  userId: `user-${turn}`,
});

const learnAll = (facts: readonly TurnFact[]): TurnState | undefined =>
  facts.reduce<TurnState | undefined>((state, fact) => learn(state, fact), undefined);

/** A history as queue-service makes it: each turn activated, all but perhaps the last ended. */
const history = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.boolean())
  .map(([turns, lastEnded]) =>
    Array.from({ length: turns }, (_, index) => index + 1).flatMap((turn) =>
      turn < turns || lastEnded ? [activated(turn), ended(turn)] : [activated(turn)],
    ),
  );

/** The same facts as they may arrive: shuffled, and some of them twice. */
const delivered = history.chain((facts) =>
  fc
    .shuffledSubarray([...facts, ...facts], { minLength: facts.length, maxLength: facts.length * 2 })
    .map((noise) => ({ facts, arrived: [...noise, ...facts.filter((fact) => !noise.includes(fact))] })),
);

describe('what is known of a turn', () => {
  it('ends at the newest fact however the facts are shuffled and repeated', () => {
    fc.assert(
      fc.property(delivered, ({ facts, arrived }) => {
        const newest = facts.at(-1)!;
        const state = learnAll(arrived)!;
        expect(state.turn).toBe(newest.turn);
        expect(state.phase).toBe(newest.kind === 'ended' ? 'ended' : 'running');
        expect(state.tokenHash).toBe(newest.tokenHash);
      }),
    );
  });

  it('never goes back to an older turn nor from ended to running on the way there', () => {
    fc.assert(
      fc.property(delivered, ({ arrived }) => {
        let known: TurnState | undefined;
        for (const fact of arrived) {
          const next = learn(known, fact);
          if (known !== undefined) {
            expect(next.turn).toBeGreaterThanOrEqual(known.turn);
            if (next.turn === known.turn && known.phase === 'ended') expect(next.phase).toBe('ended');
          }
          known = next;
        }
      }),
    );
  });

  it('returns the same object when a fact is heard again', () => {
    const state = learnAll([activated(3)])!;
    expect(learn(state, activated(3))).toBe(state);
    expect(learn(state, activated(2))).toBe(state);
    expect(learn(state, ended(2))).toBe(state);
  });

  it('takes a better placed end of the same turn', () => {
    const state = learn(learnAll([activated(3)]), { ...activated(3), deadline: 3_100 } as TurnFact);
    expect(state).toMatchObject({ turn: 3, phase: 'running', deadline: 3_100 });
  });

  it('remembers a turn whose end came before its beginning as ended', () => {
    expect(learnAll([ended(4), activated(4)])).toMatchObject({ turn: 4, phase: 'ended' });
  });

  it('is running until its time is up', () => {
    const state = learnAll([activated(1)])!;
    expect(isRunning(state, 999)).toBe(true);
    expect(isRunning(state, 1_000)).toBe(false);
    expect(isOver(state, 1_000)).toBe(true);
    expect(isRunning(undefined, 0)).toBe(false);
  });
});
