import { inTurn, ratios } from './compare';
import type { Noise } from './noise';
import { quietRounds } from './rounds';

/** A machine on which others use the given shares, round after round. */
function machine(shares: readonly number[]): Noise {
  let round = 0;
  const noise = {
    during: async <T>(work: () => Promise<T>) => ({ result: await work(), others: shares[round++] ?? 0 }),
    untilQuiet: async () => undefined,
  };
  return noise as unknown as Noise;
}

const number = (round: number) => Promise.resolve(round);

describe('rounds of a measurement', () => {
  it('are no more than wanted on a quiet machine', async () => {
    const { rounds } = await quietRounds(3, 2, machine([0, 0.05, 0]), number);
    expect(rounds).toHaveLength(3);
  });

  it('are taken again when others used the machine, and the quietest are kept', async () => {
    const { rounds, note } = await quietRounds(2, 3, machine([0.5, 0.01, 0.4, 0.02]), number);
    expect(rounds).toEqual([1, 3]);
    expect(note).toContain('2 of 4 rounds');
    expect(note).toContain('1 to 2 %');
  });

  it('come to an end on a machine that never gets quiet, and say how busy it was', async () => {
    const { rounds, note } = await quietRounds(2, 2, machine([0.9, 0.5, 0.6, 0.7]), number);
    expect(rounds).toEqual([1, 2]);
    expect(note).toContain('50 to 60 %');
  });

  it('let ours and the floor begin in turn', async () => {
    const order: string[] = [];
    const both = inTurn(
      async () => order.push('ours'),
      async () => order.push('floor'),
    );
    await both(0);
    await both(1);
    expect(order).toEqual(['ours', 'floor', 'floor', 'ours']);
  });

  it('are compared round by round', () => {
    const rounds = [
      { ours: 10, floor: 20 },
      { ours: 30, floor: 30 },
      { ours: 40, floor: 20 },
    ];
    expect(ratios(rounds, (value) => value)).toEqual({ median: 1, min: 0.5, max: 2 });
  });
});
