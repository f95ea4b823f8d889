import { DEFAULT_MAP } from '../map/default-map';
import { lieAbout } from '../report/lie';
import { BadFaultError, changeFaults, noFaults } from './faults';
import { LagLine } from './lag-line';
import { seededRandom, seedOf } from './random';

describe('faults', () => {
  it('change one by one and leave the others', () => {
    const lagging = changeFaults(noFaults(), { lag: { telemetryMs: 100 }, deaf: true });
    expect(changeFaults(lagging, { lag: { jitterMs: 5 } })).toEqual({
      ...noFaults(),
      lag: { telemetryMs: 100, commandsMs: 0, jitterMs: 5 },
      deaf: true,
    });
  });

  it.each([
    [{ drop: { posts: 1.1 } }, 'posts must be a share'],
    [{ lag: { commandsMs: -1 } }, 'commandsMs must be 0 or more'],
    [{ lie: { idle: 1 } }, 'idle must be true or false'],
    [{ dieMidRoute: 2 }, 'dieMidRoute must be a share'],
    [{ lag: { hours: 1 } }, 'lag.hours: there is no such fault'],
    [{ sleepy: true }, 'sleepy: there is no such fault'],
  ])('that make no sense are refused by name: %j', (changes, message) => {
    const change = () => changeFaults(noFaults(), changes as never);
    expect(change).toThrow(BadFaultError);
    expect(change).toThrow(message);
  });

  it('are random the same way for the same seed, and another for each robot', () => {
    const draw = (name: string, seed: number) => {
      const random = seededRandom(seedOf(name, seed));
      return Array.from({ length: 5 }, random);
    };
    expect(draw('table2', 1)).toEqual(draw('table2', 1));
    expect(draw('table2', 1)).not.toEqual(draw('table3', 1));
    expect(draw('table2', 1)).not.toEqual(draw('table2', 2));
    const many = Array.from({ length: 10_000 }, seededRandom(9));
    expect(many.reduce((sum, value) => sum + value, 0) / many.length).toBeCloseTo(0.5, 1);
    expect(Math.max(...many)).toBeLessThan(1);
  });
});

describe('a line with a lag', () => {
  it('lets out what is due, in order, also when a later message would be faster', () => {
    const line = new LagLine<string>();
    line.push('a', 0, 100);
    line.push('b', 10, 20);
    expect(line.take(99)).toEqual([]);
    expect(line.take(100)).toEqual(['a', 'b']);
    expect(line.empty).toBe(true);
  });

  it('loses everything with the link', () => {
    const line = new LagLine<string>();
    line.push('a', 0, 100);
    line.clear();
    expect(line.take(1_000)).toEqual([]);
    line.push('b', 10, 5);
    expect(line.take(15)).toEqual(['b']);
  });
});

describe('a lie', () => {
  const truth = {
    systemHealth: 'OK',
    batteryLevel: 85,
    driveMode: 'NAVIGATING',
    cargoStatus: 'EMPTY',
    currentPosition: 'Home',
    lastNode: 'Home',
    targetNode: 'Kitchen',
    command: { id: 'a', status: 'RUNNING' as const },
  };

  it('is told only of what it is told to lie about', () => {
    const [, other] = DEFAULT_MAP.nodes.map(({ id }) => id);
    expect(lieAbout(truth, { idle: false, position: false, command: false }, other!)).toEqual(truth);
    expect(lieAbout(truth, { idle: true, position: true, command: true }, other!)).toEqual({
      ...truth,
      driveMode: 'IDLE',
      currentPosition: 'Kitchen',
      lastNode: 'Kitchen',
      command: { id: 'a', status: 'DONE' },
    });
  });
});
