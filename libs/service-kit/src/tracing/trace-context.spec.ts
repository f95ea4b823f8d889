import { traceCarrier } from './trace-carrier';
import {
  currentTrace,
  holdTraces,
  runNowInTrace,
  runWithTrace,
  traceHeaders,
  TraceContext,
} from './trace-context';

const ID = '0af7651916cd43dd8448eb211c80319c';

describe('the trace context', () => {
  it('is passed on with the same trace id and a span of our own', () => {
    runWithTrace(`00-${ID}-b7ad6b7169203331-00`, () => {
      expect(currentTrace()?.traceId).toBe(ID);
      const { traceparent } = traceHeaders();
      expect(traceparent).toMatch(new RegExp(`^00-${ID}-[0-9a-f]{16}-00$`));
      expect(traceparent).not.toContain('b7ad6b7169203331');
    });
  });

  it.each([
    undefined,
    '',
    'x',
    `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-${ID}-${'0'.repeat(16)}-01`,
    `ff-${ID}-b7ad6b7169203331-01`,
    `00-${ID.toUpperCase()}-b7ad6b7169203331-01`,
  ])('is made anew for %j', (traceparent) => {
    const ids = [1, 2].map(() => runWithTrace(traceparent, () => currentTrace()?.traceId));
    expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids[0]).not.toBe(ID);
  });

  it('does not leak out of its work, and follows it across awaits', async () => {
    await runWithTrace(`00-${ID}-b7ad6b7169203331-01`, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      expect(currentTrace()?.traceId).toBe(ID);
    });
    expect(currentTrace()).toBeUndefined();
    expect(traceHeaders()).toEqual({});
  });

  it('is followed for as long as somebody holds it, and nothing is while nobody does', async () => {
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const seen: (string | undefined)[] = [];
    const wander = async () => {
      for (let i = 0; i < 2; i += 1) {
        await turn();
        seen.push(currentTrace()?.traceId);
      }
    };
    const release = holdTraces();
    let done = Promise.resolve();
    // A listener that returns at once, and goes on.
    runWithTrace(`00-${ID}-b7ad6b7169203331-01`, () => {
      done = wander();
    });
    await turn();
    await turn();
    await done;
    expect(seen).toEqual([ID, ID]);
    release();
    release();
    runWithTrace(`00-${ID}-b7ad6b7169203331-01`, () => {
      done = wander();
    });
    await done;
    expect(seen.splice(2)).toEqual([undefined, undefined]);
    await runWithTrace(`00-${ID}-b7ad6b7169203331-01`, wander);
    expect(seen).toEqual([ID, ID, ID, ID]);
    await expect(runWithTrace(undefined, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(() =>
      runWithTrace(undefined, () => {
        throw new Error('never');
      }),
    ).toThrow('never');
  });

  it('of work that is done when it returns is there until then', () => {
    const trace = new TraceContext(`00-${ID}-b7ad6b7169203331-01`);
    expect(runNowInTrace(trace, () => currentTrace()?.traceId)).toBe(ID);
    expect(currentTrace()).toBeUndefined();
    expect(() =>
      runNowInTrace(trace, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(currentTrace()).toBeUndefined();
  });

  it('travels over messages by the carrier', async () => {
    const sent = runWithTrace(`00-${ID}-b7ad6b7169203331-01`, () => traceCarrier.current());
    expect(await traceCarrier.run(sent, () => Promise.resolve(currentTrace()?.traceId))).toBe(ID);
    expect(traceCarrier.current()).toBeUndefined();
  });

  it('makes ids that do not repeat', () => {
    const ids = Array.from({ length: 5_000 }, () => runWithTrace(undefined, () => currentTrace()?.traceId));
    expect(new Set(ids).size).toBe(5_000);
  });
});
