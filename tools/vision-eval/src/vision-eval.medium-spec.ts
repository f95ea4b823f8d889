import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { VisionModelServer } from '@teleop/sim-vision-model';
import { evaluateSet } from './evaluate-set';
import { pointsDue } from './measure/judge-cases';
import { quantile } from './report/figures';
import { readLabels } from './set/labels';
import { renderSet } from './set/render-set';

jest.setTimeout(120_000);

const SET = path.join(__dirname, '..', 'frames');

async function evaluate(folder: string, model?: VisionModelServer) {
  const lines: string[] = [];
  const result = await evaluateSet({
    folder,
    apiKey: model === undefined ? undefined : 'key',
    baseUrl: model?.url ?? 'http://unused.invalid',
    models: { fast: 'small', strong: 'large' },
    prices: new Map([['small', { input: 1, output: 1 }]]),
    concurrency: 4,
    attemptTimeoutMs: 30_000,
    print: (line) => lines.push(...line.split('\n')),
  });
  return { ...result, lines };
}

describe('the set of this repository', () => {
  const labels = readLabels(readFileSync(path.join(SET, 'labels.json'), 'utf8'));

  it('has both scenes, every difficulty, turns to pay for, and turns that must not be paid', () => {
    expect(new Set(labels.cases.map(({ scene }) => scene)).size).toBe(2);
    expect(new Set(labels.cases.map(({ difficulty }) => difficulty))).toEqual(
      new Set(['clear', 'usual', 'hard']),
    );
    const due = labels.cases.map(pointsDue);
    expect(due.filter((points) => points > 0).length).toBeGreaterThan(5);
    expect(due.filter((points) => points === 0).length).toBeGreaterThan(3);
  });

  it('is read by the simulated model as it is labelled, but for a few hard frames, and never overpaid', async () => {
    const { frames, cases, lines } = await evaluate(SET);
    expect(frames['small']!.bothRight).toBeGreaterThan(0.95);
    expect(cases).toMatchObject({ cases: labels.cases.length, overpaid: 0, unavailable: 0 });
    expect(cases.paidRight).toBeGreaterThanOrEqual(labels.cases.length - 1);
    const text = lines.join('\n');
    for (const word of [
      'both right',
      'agreement',
      'abstained',
      'price unknown',
      'p95',
      'OPENAI_API_KEY is not set',
    ]) {
      expect(text).toContain(word);
    }
  });
});

describe('a provider that errs', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'vision-eval-'));
    await renderSet(folder, { cases: 4, frames: 3, seed: 3 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('shows in the figures', async () => {
    const model = new VisionModelServer({ knobs: { errorRate: 0.5, refusalRate: 0.1 } });
    await model.start();
    try {
      const { frames, cases } = await evaluate(folder, model);
      expect(frames['small']!.bothRight).toBeLessThan(0.9);
      expect(frames['small']!.agreement).toBeLessThan(1);
      expect(frames['small']!.frames).toBe(24);
      // Further attempts depend on which call of which case errs.
      expect(cases.usage.calls).toBeGreaterThanOrEqual(4);
      expect(cases.usage.cost_usd === null || cases.byAttempt[0] === 4).toBe(true);
    } finally {
      await model.stop();
    }
  });

  it('is the same set again with the same seed', async () => {
    const again = mkdtempSync(path.join(os.tmpdir(), 'vision-eval-'));
    try {
      await renderSet(again, { cases: 4, frames: 3, seed: 3 });
      for (const file of ['labels.json', 'turn01-cam1-start-1.webp', 'turn04-cam1-end-3.jpg']) {
        expect(readFileSync(path.join(again, file)).equals(readFileSync(path.join(folder, file)))).toBe(true);
      }
    } finally {
      rmSync(again, { recursive: true, force: true });
    }
  });
});

describe('labels', () => {
  it.each([
    ['{}', 'cases'],
    ['{"cases":[{}]}', 'cases[0].id'],
    ['{"cases":[{"id":"a","scene":"moon"}]}', 'cases[0].scene'],
    ['{"cases":[{"id":"a","scene":"trays","cameras":{}}]}', 'cases[0].cameras'],
    [
      '{"cases":[{"id":"a","scene":"trays","cameras":{"c":{"files":{"start":[]}}}}]}',
      'cases[0].cameras.c.files.start',
    ],
    [
      '{"cases":[{"id":"a","scene":"trays","cameras":{"c":{"files":{"start":["x"]},"counts":{"start":{"left":1}}}}}]}',
      'cases[0].cameras.c.counts.start',
    ],
  ])('that are %s are refused by place', (text, place) => {
    expect(() => readLabels(text)).toThrow(place);
  });

  it('give quantiles of what was measured', () => {
    expect([quantile([], 0.5), quantile([3], 0.95), quantile([4, 1, 3, 2], 0.5)]).toEqual([0, 3, 2]);
  });
});
