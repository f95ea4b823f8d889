import { Coalescer } from './coalescer';

describe('coalescing', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function setup() {
    const out: [string, number][] = [];
    const begin = Date.now();
    const now = () => Date.now() - begin;
    const coalescer = new Coalescer(100, now, (key) => out.push([key, now()]));
    return { coalescer, out };
  }

  it('lets the first through after a tenth of the interval, then at most one an interval, and the last always', () => {
    const { coalescer, out } = setup();
    for (let at = 0; at <= 250; at += 10) {
      coalescer.mark('a');
      jest.advanceTimersByTime(10);
    }
    jest.advanceTimersByTime(1_000);
    expect(out[0]).toEqual(['a', 10]);
    const times = out.map(([, at]) => at);
    for (const [index, at] of times.entries())
      if (index > 0) expect(at - times[index - 1]!).toBeGreaterThanOrEqual(100);
    expect(times.at(-1)).toBeGreaterThanOrEqual(250);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('lets keys that are marked one after the other out together, each once', () => {
    const { coalescer, out } = setup();
    for (const key of ['a', 'b', 'a', 'b']) {
      coalescer.mark(key);
      jest.advanceTimersByTime(2);
    }
    jest.advanceTimersByTime(100);
    expect(out).toEqual([
      ['a', 10],
      ['b', 10],
    ]);
  });

  it('does not have a new key wait for one that is not due for long', () => {
    const { coalescer, out } = setup();
    coalescer.mark('a');
    jest.advanceTimersByTime(20);
    coalescer.mark('a');
    coalescer.mark('b');
    jest.advanceTimersByTime(1_000);
    expect(out).toEqual([
      ['a', 10],
      ['b', 30],
      ['a', 110],
    ]);
  });

  it('forgets a key, and everything when it is closed', () => {
    const { coalescer, out } = setup();
    coalescer.mark('a');
    coalescer.forget('a');
    coalescer.mark('b');
    jest.advanceTimersByTime(20);
    coalescer.mark('b');
    coalescer.close();
    coalescer.mark('c');
    jest.advanceTimersByTime(1_000);
    expect(out.map(([key]) => key)).toEqual(['b']);
  });
});
