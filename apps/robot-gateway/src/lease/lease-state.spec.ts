import fc from 'fast-check';
import { parseLeaseFact, stateOfFact, type LeaseFact } from './lease-fact';
import { isHeld, isSameHolder, lockOf, newerLease, type LeaseState } from './lease-state';

const fact: LeaseFact = {
  robotId: 'table1',
  epoch: 4,
  version: 100,
  kind: 'drive_lock',
  userId: 'u',
  remainingMs: 5_000,
  lock: { userId: 'u', name: 'Olga', remainingMs: 5_000 },
};

describe('what is known of a lease', () => {
  it('is the newest fact, in whatever order and however often they come', () => {
    const facts = fc.uniqueArray(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), {
      minLength: 1,
      maxLength: 12,
      selector: ([epoch, version]) => `${epoch}/${version}`,
    });
    fc.assert(
      fc.property(facts, fc.infiniteStream(fc.nat()), (pairs, picks) => {
        const states = pairs.map(([epoch, version]) => stateOfFact({ ...fact, epoch, version }, 0));
        const newest = [...states].sort((a, b) => b.epoch - a.epoch || b.version - a.version)[0];
        let known: LeaseState | undefined;
        for (const state of states) known = newerLease(known, state);
        for (const pick of picks.take(20)) known = newerLease(known, states[pick % states.length]!);
        expect(known).toBe(newest);
      }),
    );
  });

  it('ends by this process’s clock', () => {
    const state = stateOfFact(fact, 1_000);
    expect([isHeld(state, 5_999), isHeld(state, 6_000)]).toEqual([true, false]);
    expect([lockOf(state, 5_999)?.name, lockOf(state, 6_000)]).toEqual(['Olga', undefined]);
    expect(isHeld(stateOfFact({ ...fact, kind: 'none', remainingMs: null }, 0), 1)).toBe(false);
  });
});

describe('a lease and its lock', () => {
  const before = stateOfFact(fact, 0);
  const [renewed, taken, unlocked, passedOn] = [
    { ...fact, version: 101, remainingMs: 30_000 },
    { ...fact, epoch: 5 },
    { ...fact, version: 101, lock: null },
    { ...fact, version: 101, lock: { userId: 'v', name: 'Vera', remainingMs: 5_000 } },
  ].map((told) => stateOfFact(told, 0));

  it('are with whom they were when they are renewed, and only then', () => {
    expect(isSameHolder(renewed!, before)).toBe(true);
    for (const changed of [taken, unlocked, passedOn]) expect(isSameHolder(changed!, before)).toBe(false);
    expect(isSameHolder(before, undefined)).toBe(false);
  });
});

describe('what replicas tell each other of leases', () => {
  it.each([fact, { ...fact, userId: null, remainingMs: null, lock: null }])(
    'is read as it was sent',
    (sent) => {
      expect(parseLeaseFact(JSON.stringify(sent))).toEqual(sent);
    },
  );

  it.each([
    'x',
    'null',
    '{}',
    JSON.stringify({ ...fact, kind: 'king' }),
    JSON.stringify({ ...fact, epoch: '4' }),
    JSON.stringify({ ...fact, lock: { userId: 'u' } }),
  ])('is ignored when it is something else: %s', (text) => {
    expect(parseLeaseFact(text)).toBeUndefined();
  });
});
