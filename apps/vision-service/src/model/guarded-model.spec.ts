import { PROMPTS } from './prompts';
import { SINGLE_FRAME } from './answers';
import { GuardedModel, type CallOutcome, type GuardSettings } from './guarded-model';
import { ModelUnavailable, UnreadableReply, type ModelQuestion, type ModelReply } from './vision-model';

const REPLY: ModelReply = { text: '{}', inputTokens: 1, outputTokens: 1 };
const question = (model = 'm'): ModelQuestion => ({
  model,
  system: PROMPTS.trays.system,
  user: PROMPTS.trays.single,
  frames: [],
  answer: SINGLE_FRAME,
});

function setup(
  say: (nth: number, signal: AbortSignal) => ModelReply | Error | Promise<ModelReply>,
  settings: Partial<GuardSettings> = {},
) {
  let now = 0;
  const outcomes: CallOutcome[] = [];
  let asked = 0;
  const inner = {
    async ask(_question: ModelQuestion, signal: AbortSignal): Promise<ModelReply> {
      const said = await say(asked++, signal);
      if (said instanceof Error) throw said;
      return said;
    },
  };
  const guarded = new GuardedModel(
    inner,
    {
      slots: 8,
      tries: 4,
      maxWaitMs: 60_000,
      backOff: { firstMs: 2, maxMs: 10 },
      breaker: { failures: 100, openMs: 1_000, maxOpenMs: 8_000 },
      ...settings,
    },
    { now: () => now, random: () => 0.5, onCall: (_model, outcome) => outcomes.push(outcome) },
  );
  const ask = (signal = new AbortController().signal, model?: string) => guarded.ask(question(model), signal);
  return { guarded, ask, outcomes, asked: () => asked, pass: (ms: number) => (now += ms) };
}

const failing = (retryAfterMs?: number) => new ModelUnavailable('500', 'failing', { retryAfterMs });

describe('retries', () => {
  it('ask again after 429 and 5xx, until it is answered', async () => {
    const s = setup((nth) => [new ModelUnavailable('429', 'rate_limited'), failing(), REPLY][nth]!);
    await expect(s.ask()).resolves.toBe(REPLY);
    expect(s.outcomes).toEqual(['rate_limited', 'failing', 'answered']);
  });

  it('end after so many tries', async () => {
    const s = setup(() => failing(), { tries: 3 });
    await expect(s.ask()).rejects.toThrow(ModelUnavailable);
    expect(s.asked()).toBe(3);
  });

  it.each([
    ['an answer that cannot be read', new UnreadableReply('x')],
    ['a wrong key', new ModelUnavailable('401', 'refused_us')],
    ['the deadline', new ModelUnavailable('late', 'timed_out')],
  ])('are not made after %s', async (_, error) => {
    const s = setup(() => error);
    await expect(s.ask()).rejects.toBe(error);
    expect(s.asked()).toBe(1);
  });

  it('do not outlast the deadline, however long the server asks to wait', async () => {
    const s = setup(() => failing(60_000));
    const began = performance.now();
    await expect(s.ask(AbortSignal.timeout(30))).rejects.toThrow('500');
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(s.asked()).toBe(1);
  });
});

it('does not wait for a server that wants to be left alone for longer than there is time', async () => {
  const s = setup(() => failing(60_000), { maxWaitMs: 1_000 });
  await expect(s.ask()).rejects.toThrow('500');
  expect(s.asked()).toBe(1);
});

describe('the limit of calls in flight', () => {
  it('is kept, and everybody gets his turn in order', async () => {
    const open: (() => void)[] = [];
    let most = 0;
    const s = setup(
      () =>
        new Promise((resolve) => {
          most = Math.max(
            most,
            open.push(() => resolve(REPLY)),
          );
        }),
      { slots: 2 },
    );
    const calls = Array.from({ length: 5 }, () => s.ask());
    for (let done = 0; done < 5; done += 1) {
      await new Promise(setImmediate);
      expect(s.guarded.slots.inFlight).toBeLessThanOrEqual(2);
      open.shift()!();
    }
    await Promise.all(calls);
    expect(most).toBe(2);
    expect(s.guarded.slots.inFlight).toBe(0);
  });

  it('lets a call go that waited until its deadline, without losing the slot', async () => {
    let finish: () => void = () => undefined;
    const s = setup(() => new Promise((resolve) => (finish = () => resolve(REPLY))), { slots: 1 });
    const first = s.ask();
    await new Promise(setImmediate);
    await expect(s.ask(AbortSignal.timeout(10))).rejects.toMatchObject({ kind: 'timed_out' });
    expect(s.guarded.slots.waiting).toBe(0);
    finish();
    await first;
    const third = s.ask();
    await new Promise(setImmediate);
    finish();
    await expect(third).resolves.toBe(REPLY);
  });

  it('is not used up while waiting to ask again', async () => {
    const s = setup((nth) => (nth === 0 ? failing(50) : REPLY), { slots: 1 });
    const first = s.ask();
    await new Promise(setImmediate);
    await expect(s.ask()).resolves.toBe(REPLY);
    await first;
  });
});

describe('the circuit breaker', () => {
  const breaker = { failures: 3, openMs: 1_000, maxOpenMs: 8_000 };
  const once = { tries: 1, breaker };

  // Its time is the test's: it stays open until the test lets it pass.
  const soon = () => AbortSignal.timeout(20);

  it('stops asking a model that keeps failing, and says so by the deadline', async () => {
    const s = setup(() => failing(), once);
    for (let call = 0; call < 3; call += 1) await expect(s.ask()).rejects.toThrow('500');
    await expect(s.ask(soon())).rejects.toThrow('not asked for now');
    expect(s.asked()).toBe(3);
    expect(s.guarded.openBreakers).toEqual(['m']);
    // Another model is another matter.
    await expect(s.ask(undefined, 'other')).rejects.toThrow('500');
    expect(s.asked()).toBe(4);
  });

  it('tries once after a while, and closes when that is answered', async () => {
    let well = false;
    const s = setup(() => (well ? REPLY : failing()), once);
    for (let call = 0; call < 3; call += 1) await s.ask().catch(() => undefined);
    s.pass(1_001);
    await expect(s.ask()).rejects.toThrow('500');
    // The trial failed: twice as long this time.
    s.pass(1_001);
    await expect(s.ask(soon())).rejects.toThrow('not asked for now');
    s.pass(1_000);
    well = true;
    await expect(s.ask()).resolves.toBe(REPLY);
    await expect(s.ask()).resolves.toBe(REPLY);
    expect(s.guarded.openBreakers).toEqual([]);
  });

  it('lets one call try, not all that wait', async () => {
    let answer: (reply: ModelReply) => void = () => undefined;
    const s = setup((nth) => (nth < 3 ? failing() : new Promise((resolve) => (answer = resolve))), once);
    for (let call = 0; call < 3; call += 1) await s.ask().catch(() => undefined);
    s.pass(1_001);
    const trial = s.ask();
    await new Promise(setImmediate);
    await expect(s.ask(soon())).rejects.toThrow('not asked for now');
    expect(s.asked()).toBe(4);
    answer(REPLY);
    await trial;
  });

  it('does not open for answers that cannot be read, nor for a full quota', async () => {
    const s = setup(
      (nth) => (nth % 2 === 0 ? new UnreadableReply('x') : new ModelUnavailable('429', 'rate_limited')),
      once,
    );
    for (let call = 0; call < 10; call += 1) await s.ask().catch(() => undefined);
    expect(s.asked()).toBe(10);
  });
});
