import { HOLDER_KINDS, MAY_TAKE_FROM, mayTake, type TakerKind } from './holder';

const TAKERS = HOLDER_KINDS.filter((kind): kind is TakerKind => kind !== 'none');

describe('who may take the lease from whom', () => {
  it.each(TAKERS)('lets %s take a free lease', (taker) => {
    expect(mayTake(taker, 'none')).toBe(true);
  });

  it('lets preemption take it from anybody, and nobody but preemption take it from preemption', () => {
    for (const kind of HOLDER_KINDS) expect(mayTake('preemption', kind)).toBe(true);
    for (const taker of TAKERS.filter((kind) => kind !== 'preemption')) {
      expect(mayTake(taker, 'preemption')).toBe(false);
    }
  });

  it('keeps session, drive lock and teach lock out of each other’s way', () => {
    const equals = ['session', 'drive_lock', 'teach'] as const;
    for (const taker of equals) {
      for (const holder of equals) expect(mayTake(taker, holder)).toBe(taker === holder);
    }
  });

  it('names only kinds that there are', () => {
    for (const kinds of Object.values(MAY_TAKE_FROM)) {
      for (const kind of kinds) expect(HOLDER_KINDS).toContain(kind);
    }
  });
});
