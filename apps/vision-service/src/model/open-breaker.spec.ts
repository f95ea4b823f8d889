import fc from 'fast-check';
import { VirtualTime } from '../testing/virtual-time.spec-support';
import { SINGLE_FRAME } from './answers';
import { GuardedModel, type GuardSettings } from './guarded-model';
import { ModelUnavailable, type ModelQuestion, type ModelReply } from './vision-model';

const REPLY: ModelReply = { text: '{}', inputTokens: 1, outputTokens: 1 };
const QUESTION: ModelQuestion = { model: 'm', system: '', user: '', frames: [], answer: SINGLE_FRAME };
const ATTEMPT_MS = 18_000;

/** What a call comes to, and after how long. */
interface Says {
  readonly ms: number;
  readonly error?: ModelUnavailable;
}

interface Ended {
  readonly answered: boolean;
  readonly message: string;
  readonly tookMs: number;
}

/** The settings of the service, over a model that says what the test says. */
function setup(say: (nth: number, now: number) => Says, settings: Partial<GuardSettings> = {}) {
  const time = new VirtualTime();
  const seen = { calls: 0, trials: 0, mostTrials: 0 };
  const inner = {
    async ask(_question: ModelQuestion, signal: AbortSignal): Promise<ModelReply> {
      const { ms, error } = say(seen.calls, time.now);
      // Who is asked while the breaker is open is a trial.
      const trial = guarded.openBreakers.includes('m') ? 1 : 0;
      seen.calls += 1;
      seen.trials += trial;
      seen.mostTrials = Math.max(seen.mostTrials, seen.trials);
      try {
        await time.sleep(ms, signal).catch((cause: unknown) => {
          throw new ModelUnavailable('late', 'timed_out', { cause });
        });
      } finally {
        seen.trials -= trial;
      }
      if (error !== undefined) throw error;
      return REPLY;
    },
  };
  const guarded: GuardedModel = new GuardedModel(
    inner,
    {
      slots: 32,
      tries: 4,
      maxWaitMs: ATTEMPT_MS,
      backOff: { firstMs: 250, maxMs: 4_000 },
      breaker: { failures: 3, openMs: 1_000, maxOpenMs: 15_000 },
      ...settings,
    },
    { now: () => time.now, random: () => 0.5, sleep: time.sleep },
  );
  const ask = async (): Promise<Ended> => {
    const began = time.now;
    const ended = (message: string) => ({ answered: message === '', message, tookMs: time.now - began });
    return guarded.ask(QUESTION, time.deadline(ATTEMPT_MS)).then(
      () => ended(''),
      (error: Error) => ended(error.message),
    );
  };
  return { time, guarded, ask, seen };
}

const failing = new ModelUnavailable('500', 'failing');
/** So many that the breaker opens; then what the test says. */
const after = (failures: number, then: Says) => (nth: number) =>
  nth < failures ? { ms: 0, error: failing } : then;

describe('a model that is not asked for now', () => {
  /** One question that opens the breaker, and others that come while it is open. */
  async function ask(say: (nth: number) => Says, others: number, settings: Partial<GuardSettings> = {}) {
    const s = setup(say, settings);
    const opener = s.ask();
    await s.time.until(s.time.sleep(600));
    expect(s.guarded.openBreakers).toEqual(['m']);
    const waiting = Array.from({ length: others }, () => s.ask());
    return { ...s, ended: Promise.all([opener, ...waiting]) };
  }

  it('answers all that waited when it is back, also when it is slow', async () => {
    const s = await ask(after(3, { ms: 6_000 }), 5);
    const ended = await s.time.until(s.ended);
    expect(ended.map(({ message }) => message)).toEqual(Array(6).fill(''));
    expect([s.seen.calls, s.seen.mostTrials]).toEqual([3 + 6, 1]);
  });

  it('is waited for without a call being held', async () => {
    const s = await ask(after(3, { ms: 6_000 }), 5);
    await s.time.until(s.time.sleep(100));
    expect([s.guarded.slots.inFlight, s.guarded.slots.waiting]).toEqual([0, 0]);
    await s.time.until(s.time.sleep(2_000));
    // The trial.
    expect([s.guarded.slots.inFlight, s.guarded.slots.waiting]).toEqual([1, 0]);
    await s.time.until(s.ended);
  });

  it('is known to be away by one trial: all that waited for it end with it', async () => {
    const s = await ask(after(4, { ms: 0 }), 5);
    const ended = await s.time.until(s.ended);
    for (const { answered, tookMs } of ended.slice(1)) {
      expect(answered).toBe(false);
      expect(tookMs).toBeLessThanOrEqual(1_000);
    }
    expect(s.seen.calls).toBe(4);
    // Who comes later waits for the next one.
    expect(await s.time.until(s.ask())).toMatchObject({ answered: true });
  });

  it('that never answers holds nobody up for longer than his deadline', async () => {
    const s = await ask(after(3, { ms: 1e9 }), 5);
    for (const { answered, tookMs } of await s.time.until(s.ended)) {
      expect(answered).toBe(false);
      expect(tookMs).toBeLessThanOrEqual(ATTEMPT_MS);
    }
    expect([s.seen.mostTrials, s.guarded.slots.inFlight]).toEqual([1, 0]);
  });

  it('is tried by one after the other while a trial ends without telling', async () => {
    const limited = new ModelUnavailable('429', 'rate_limited');
    const say = (nth: number) =>
      nth < 3 ? { ms: 0, error: failing } : { ms: 100, ...(nth < 6 && { error: limited }) };
    const s = await ask(say, 5);
    const ended = await s.time.until(s.ended);
    expect(ended.map(({ answered }) => answered)).toEqual(Array(6).fill(true));
    expect(s.seen.mostTrials).toBe(1);
  });

  it('is not waited for when it stays so for longer than there is time', async () => {
    const s = await ask(after(3, { ms: 0 }), 1, { maxWaitMs: 500 });
    const ended = await s.time.until(s.ended);
    expect(ended.map(({ answered, tookMs }) => [answered, tookMs < 1_000])).toEqual([
      [false, true],
      [false, true],
    ]);
  });
});

describe('whatever a model does, and whenever it is asked', () => {
  const KINDS = ['failing', 'timed_out', 'rate_limited', 'refused_us'] as const;
  const says: fc.Arbitrary<Says> = fc.record({
    ms: fc.oneof(fc.nat(500), fc.nat(25_000)),
    error: fc.oneof(
      { weight: 2, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constant(failing) },
      { weight: 1, arbitrary: fc.constantFrom(...KINDS).map((kind) => new ModelUnavailable(kind, kind)) },
    ),
  });

  it('one trial is under way at most, everybody ends by his deadline, and no call stays taken', async () => {
    let trials = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(30_000), { minLength: 1, maxLength: 25 }),
        fc.array(says, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 6 }),
        async (arrivals, lines, failures, slots) => {
          const breaker = { failures, openMs: 1_000, maxOpenMs: 15_000 };
          const s = setup((nth) => lines[nth % lines.length]!, { slots, breaker });
          const questions = arrivals.map((at) => s.time.sleep(at).then(() => s.ask()));
          const ended = await s.time.until(Promise.all(questions));
          for (const { tookMs } of ended) expect(tookMs).toBeLessThanOrEqual(ATTEMPT_MS);
          expect(s.seen.mostTrials).toBeLessThanOrEqual(1);
          expect([s.guarded.slots.inFlight, s.guarded.slots.waiting]).toEqual([0, 0]);
          trials += s.seen.mostTrials;
        },
      ),
      { numRuns: 300 },
    );
    // It happened, or the property said nothing.
    expect(trials).toBeGreaterThan(20);
  });
});
