import { TrailingFlight } from './trailing-flight';

function setup(limit = 10) {
  const asked: { key: string; answer: (value: number) => void; fail: (error: Error) => void }[] = [];
  const flight = new TrailingFlight<number>(
    (key) => new Promise((answer, fail) => asked.push({ key, answer, fail })),
    limit,
    () => new Error('busy'),
  );
  return { flight, asked };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('asking one question at a time', () => {
  it('lets all who ask meanwhile share one later answer, not the one under way', async () => {
    const { flight, asked } = setup();
    const first = flight.run('arm1');
    const late = [flight.run('arm1'), flight.run('arm1'), flight.run('arm1')];
    expect(asked).toHaveLength(1);
    asked[0]!.answer(1);
    expect(await first).toBe(1);
    await settled();
    expect(asked).toHaveLength(2);
    asked[1]!.answer(2);
    expect(await Promise.all(late)).toEqual([2, 2, 2]);
  });

  it('asks anew after a failure', async () => {
    const { flight, asked } = setup();
    const first = flight.run('arm1');
    const second = flight.run('arm1');
    asked[0]!.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settled();
    asked[1]!.answer(2);
    expect(await second).toBe(2);
  });

  it('refuses beyond its limit of keys, and has room again when answers have come', async () => {
    const { flight, asked } = setup(1);
    const first = flight.run('arm1');
    await expect(flight.run('arm2')).rejects.toThrow('busy');
    asked[0]!.answer(1);
    await first;
    await settled();
    void flight.run('arm2');
    expect(asked.map(({ key }) => key)).toEqual(['arm1', 'arm2']);
  });
});
