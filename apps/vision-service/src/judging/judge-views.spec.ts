import { deadline } from '@teleop/service-kit';
import { collectGarbage } from '@teleop/testing';
import { ModelUnavailable, type ModelQuestion } from '../model/vision-model';
import {
  isAway,
  judge,
  namedViews,
  nameOf,
  pair,
  refuses,
  ScriptedModel,
  type Line,
} from '../testing/scripted-model.spec-support';

const isPair = ({ answer }: ModelQuestion) => answer.name === 'pair_counts';
const names = ({ frames }: ModelQuestion) => frames.map(nameOf);

/** Pairs by model; single frames by their name. */
const says = (pairs: Record<string, Line>, singles: (name: string) => Line = () => 'no idea') =>
  new ScriptedModel((question) => (isPair(question) ? pairs[question.model]! : singles(names(question)[0]!)));

describe('attempt 1', () => {
  it('looks at the first frame of every camera with the fast model, and is the only one when it is consistent', async () => {
    const model = says({ fast: pair([2, 0], [1, 1], [1, 0]) });
    const views = namedViews({ cam1: { start: 3, end: 3 }, cam2: { start: 1, end: 5 } });
    const { status, rewardPoints, attempts, final } = await judge(views, model);
    expect(model.log).toEqual(['fast pair cam1-start-0,cam1-end-0', 'fast pair cam2-start-0,cam2-end-0']);
    expect({ status, rewardPoints }).toEqual({ status: 'success', rewardPoints: 200 });
    expect(attempts).toHaveLength(1);
    expect(final).toMatchObject({
      strategy: 'pairwise_first_frame',
      model: 'fast',
      moved: { cam1: { l_to_r: 1, r_to_l: 0 }, cam2: { l_to_r: 1, r_to_l: 0 } },
    });
  });

  it('is final too when nothing was moved: that is a result, not an abnormality', async () => {
    const { status, rewardPoints, attempts } = await judge(
      namedViews({ cam1: { start: 2, end: 2 } }),
      says({ fast: pair([2, 1], [2, 1]) }),
    );
    expect({ status, rewardPoints, attempts: attempts.length }).toEqual({
      status: 'failed',
      rewardPoints: 0,
      attempts: 1,
    });
  });

  it('pays by the counts, not by what the model says was moved', async () => {
    const { rewardPoints } = await judge(
      namedViews({ cam1: { start: 1, end: 1 } }),
      says({ fast: pair([2, 0], [1, 1], [2, 0]) }),
    );
    expect(rewardPoints).toBe(100);
  });

  it.each<[string, Line]>([
    ['words', 'I see a few dolls'],
    ['another shape', { left: 1, right: 2 }],
    ['counts that are none', pair([-1, 0], [0.5, 1])],
    ['a refusal', refuses()],
  ])('falls back to each frame by itself when the pair is answered with %s', async (_, line) => {
    const model = says({ fast: line }, (name) =>
      name.includes('start') ? { left: 2, right: 0 } : { left: 1, right: 1 },
    );
    const { attempts, rewardPoints } = await judge(namedViews({ cam1: { start: 1, end: 1 } }), model);
    expect(model.log).toEqual([
      'fast pair cam1-start-0,cam1-end-0',
      'fast single cam1-start-0',
      'fast single cam1-end-0',
    ]);
    expect(rewardPoints).toBe(100);
    expect(attempts[0]?.errors).toHaveLength(1);
    expect(attempts[0]?.moved).toEqual({});
  });

  it('falls back for the camera that needs it alone', async () => {
    const model = new ScriptedModel((question) => {
      if (!isPair(question)) return { left: 1, right: 1 };
      return names(question)[0]!.startsWith('cam2') ? 'hm' : pair([1, 0], [0, 1]);
    });
    const { attempts } = await judge(
      namedViews({ cam1: { start: 1, end: 1 }, cam2: { start: 1, end: 1 } }),
      model,
    );
    expect(attempts).toHaveLength(1);
    expect(model.log.filter((line) => line.includes('single'))).toEqual([
      'fast single cam2-start-0',
      'fast single cam2-end-0',
    ]);
  });
});

describe('attempt 2', () => {
  it('looks at the second frame with the strong model when the first result is abnormal', async () => {
    const model = says({ fast: pair([2, 0], [1, 0]), strong: pair([2, 0], [0, 2]) });
    const { attempts, final, rewardPoints } = await judge(namedViews({ cam1: { start: 2, end: 3 } }), model);
    expect(model.log).toEqual(['fast pair cam1-start-0,cam1-end-0', 'strong pair cam1-start-1,cam1-end-1']);
    expect(attempts.map(({ verdict }) => verdict.abnormal)).toEqual([true, false]);
    expect(final).toMatchObject({ strategy: 'pairwise_second_frame', model: 'strong' });
    expect(rewardPoints).toBe(200);
  });

  it('looks again at the only frame a side has', async () => {
    const model = says({ fast: pair([2, 0], [1, 0]), strong: pair([2, 0], [0, 2]) });
    await judge(namedViews({ cam1: { start: 1, end: 2 } }), model);
    expect(model.log[1]).toBe('strong pair cam1-start-0,cam1-end-1');
  });
});

describe('attempt 3', () => {
  const abnormal = { fast: pair([3, 0], [1, 1]), strong: pair([3, 0], [1, 1]) };

  it('reuses what attempts 1 and 2 read, reads the further frames one by one, and takes the majority', async () => {
    const model = says(abnormal, (name) =>
      name.includes('start') ? { left: 3, right: 0 } : { left: 1, right: 2 },
    );
    const { attempts, final, rewardPoints, status } = await judge(
      namedViews({ cam1: { start: 5, end: 5 } }),
      model,
    );
    expect(model.log.slice(2).sort()).toEqual([
      'strong single cam1-end-2',
      'strong single cam1-end-3',
      'strong single cam1-end-4',
      'strong single cam1-start-2',
      'strong single cam1-start-3',
      'strong single cam1-start-4',
    ]);
    expect(attempts).toHaveLength(3);
    expect(final).toMatchObject({
      strategy: 'multi_frame_vote',
      model: 'strong',
      views: { cam1: { start: { left: 3, right: 0 }, end: { left: 1, right: 2 } } },
      agreement: { cam1: { start: { left: 1, right: 1 }, end: { left: 1, right: 0.6 } } },
    });
    expect({ status, rewardPoints }).toEqual({ status: 'success', rewardPoints: 200 });
  });

  it.each([1, 2, 3, 4, 5])('asks no more than the frames there are: %i', async (frames) => {
    const model = says(abnormal, () => ({ left: 1, right: 1 }));
    await judge(namedViews({ cam1: { start: frames, end: frames } }), model);
    expect(model.log).toHaveLength(2 + 2 * Math.max(0, frames - 2));
  });

  it('reads a frame by itself that attempt 1 could not read', async () => {
    const model = says({ fast: 'hm', strong: pair([3, 0], [1, 1]) }, (name) =>
      name.endsWith('start-0') ? { left: 3, right: 0 } : 'hm',
    );
    await judge(namedViews({ cam1: { start: 2, end: 2 } }), model);
    expect(model.log).toEqual([
      'fast pair cam1-start-0,cam1-end-0',
      'fast single cam1-start-0',
      'fast single cam1-end-0',
      'strong pair cam1-start-1,cam1-end-1',
      // START of frame 0 was read by the fast model's fall-back and is reused; END is read anew.
      'strong single cam1-end-0',
    ]);
  });

  it.each<[string, Record<string, Line>]>([
    ['the fast model could not read', { fast: 'hm', strong: pair([3, 0], [1, 1]) }],
    ['the strong model could not read', { fast: pair([3, 0], [1, 1]), strong: 'hm' }],
    ['neither could read', { fast: 'hm', strong: 'hm' }],
  ])('abstains on a single frame that %s: one of them twice is no majority', async (_, lines) => {
    const model = says(lines);
    const { final, status } = await judge(namedViews({ cam1: { start: 1, end: 1 } }), model);
    expect([status, final.verdict.reason]).toEqual(['failed', 'NO_MAJORITY']);
    // A pair and, where it could not be read, both frames: nothing more is asked of the strong model.
    const asked = model.log.filter((line) => line.startsWith('strong'));
    expect(asked).toHaveLength(lines['strong'] === 'hm' ? 3 : 1);
  });

  it('takes a single frame on which both models agree, beside a camera with more of them', async () => {
    // cam2 is what makes attempts 1 and 2 abnormal.
    const model = new ScriptedModel((question) => {
      if (!isPair(question))
        return names(question)[0]!.includes('start') ? { left: 2, right: 0 } : { left: 0, right: 2 };
      return names(question)[0]!.startsWith('cam1') ? pair([1, 0], [0, 1]) : pair([2, 0], [0, 0]);
    });
    const views = namedViews({ cam1: { start: 1, end: 1 }, cam2: { start: 5, end: 5 } });
    const { rewardPoints, final } = await judge(views, model);
    expect(final.strategy).toBe('multi_frame_vote');
    expect(model.log.filter((line) => line.includes('single cam1'))).toEqual([]);
    expect(rewardPoints).toBe(300);
  });

  it('abstains where there is no majority', async () => {
    let nth = 0;
    const model = says({ fast: pair([3, 0], [1, 1]), strong: pair([3, 0], [2, 0]) }, () => ({
      left: (nth += 1),
      right: 9,
    }));
    const { final, rewardPoints, status } = await judge(namedViews({ cam1: { start: 4, end: 4 } }), model);
    expect(final.verdict).toMatchObject({ abnormal: true, reason: 'NO_MAJORITY' });
    expect({ status, rewardPoints }).toEqual({ status: 'failed', rewardPoints: 0 });
  });

  it('is abnormal when the majority itself does not add up', async () => {
    const model = says(abnormal, (name) =>
      name.includes('start') ? { left: 3, right: 0 } : { left: 1, right: 1 },
    );
    const { final, status } = await judge(namedViews({ cam1: { start: 5, end: 5 } }), model);
    expect(final.verdict).toMatchObject({ abnormal: true, reason: 'NOT_CONSERVED' });
    expect(status).toBe('failed');
  });
});

describe('a model that cannot be reached', () => {
  it('settles nothing', async () => {
    const model = new ScriptedModel(isAway);
    await expect(judge(namedViews({ cam1: { start: 5, end: 5 } }), model)).rejects.toThrow(ModelUnavailable);
    // Not asked for a vote when it answered nothing a moment before.
    expect(model.log).toEqual(['fast pair cam1-start-0,cam1-end-0', 'strong pair cam1-start-1,cam1-end-1']);
  });

  it('is made good by the other one', async () => {
    const { status } = await judge(
      namedViews({ cam1: { start: 2, end: 2 } }),
      says({ fast: isAway(), strong: pair([1, 0], [0, 1]) }),
    );
    expect(status).toBe('success');
  });

  it('for one camera makes the attempt abnormal, and the whole unsettled when it stays so', async () => {
    const model = new ScriptedModel((question) =>
      names(question)[0]!.startsWith('cam2')
        ? isAway()
        : isPair(question)
          ? pair([1, 0], [0, 1])
          : { left: 1, right: 0 },
    );
    const views = namedViews({ cam1: { start: 3, end: 3 }, cam2: { start: 3, end: 3 } });
    await expect(judge(views, model)).rejects.toThrow(ModelUnavailable);
  });

  it('is not taken for a refusal: what it said in the end counts', async () => {
    // Away for attempt 1, there again afterwards, and sure that things vanished.
    const model = says({ fast: isAway(), strong: pair([2, 0], [0, 0]) }, (name) =>
      name.includes('start') ? { left: 2, right: 0 } : { left: 0, right: 0 },
    );
    const { status, final } = await judge(namedViews({ cam1: { start: 3, end: 3 } }), model);
    expect(status).toBe('failed');
    expect(final.verdict.reason).toBe('NOT_CONSERVED');
  });

  it.each(['fast', 'strong'])('settles nothing when it was the %s one, for a single frame', async (away) => {
    // For one camera: else there would be no third attempt.
    const model = new ScriptedModel((question) => {
      if (question.model === away && names(question)[0]!.startsWith('cam1')) return isAway();
      return pair([2, 0], [0, 0]);
    });
    const views = namedViews({ cam1: { start: 1, end: 1 }, cam2: { start: 1, end: 1 } });
    await expect(judge(views, model)).rejects.toThrow(ModelUnavailable);
  });

  it.each([
    ['each attempt at its own', { attemptTimeoutMs: 20 }, 5_000],
    ['all of them at the request’s', {}, 20],
  ])('ends at a deadline, %s', async (_, options, requestMs) => {
    const model = {
      ask: (_question: ModelQuestion, signal: AbortSignal) =>
        new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(new ModelUnavailable('late', 'timed_out')));
          setImmediate(collectGarbage);
        }),
    };
    const views = namedViews({ cam1: { start: 1, end: 1 } });
    const signal = AbortSignal.any([deadline(requestMs), new AbortController().signal]);
    await expect(judge(views, model, { ...options, signal })).rejects.toThrow(ModelUnavailable);
  });
});

it('adds up tokens and cost by attempt', async () => {
  const model = says({ fast: pair([2, 0], [1, 0]), strong: pair([2, 0], [0, 2]) });
  const { attempts } = await judge(namedViews({ cam1: { start: 2, end: 2 } }), model);
  expect(attempts.map(({ usage }) => usage)).toEqual([
    { calls: 1, input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100, cost_usd: 0.002 },
    { calls: 1, input_tokens: 1_000, output_tokens: 100, total_tokens: 1_100, cost_usd: 0.007 },
  ]);
});

it('lets a bug of ours through as it is', async () => {
  const model = new ScriptedModel(() => new TypeError('bug'));
  await expect(judge(namedViews({ cam1: { start: 1, end: 1 } }), model)).rejects.toThrow(TypeError);
});
