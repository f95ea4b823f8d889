import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Layout } from '../layout';
import { simulatedModel } from './simulated-model';

describe('the model behind vision-service', () => {
  let root: string;
  let layout: Layout;
  const ports = () => new Map([['vision-service', 3_102]]);
  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'stack-model-'));
    layout = { appsDir: path.join(root, 'apps'), simulatorsDir: path.join(root, 'simulators') };
    mkdirSync(path.join(layout.simulatorsDir, 'vision-model', 'dist'), { recursive: true });
    writeFileSync(path.join(layout.simulatorsDir, 'vision-model', 'dist', 'main.js'), '');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is simulated without a key, which is said', async () => {
    const taken = ports();
    const model = await simulatedModel(layout, taken, {});
    const url = `http://127.0.0.1:${taken.get('vision-model')}/v1`;
    expect(model?.env).toEqual({ OPENAI_API_KEY: 'key-of-the-simulated-model', OPENAI_BASE_URL: url });
    expect(model?.notice).toBe(`OPENAI_API_KEY is not set: vision-service asks a simulated model at ${url}`);
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['with a key', { OPENAI_API_KEY: 'k' }],
    ['with a key in a file', { OPENAI_API_KEY_FILE: '/run/secrets/key' }],
    ['in production', { NODE_ENV: 'production' }],
  ])('is the real one %s', async (_, env) => {
    expect(await simulatedModel(layout, ports(), env)).toBeNull();
  });

  it('is never put in the place of a server that the caller names, who hears that a key is wanted', async () => {
    const taken = ports();
    const model = await simulatedModel(layout, taken, { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' });
    expect([model?.env, model?.start, [...taken.keys()]]).toEqual([{}, undefined, ['vision-service']]);
    expect(model?.notice).toMatch(/OPENAI_API_KEY.*VISION_NOT_CONFIGURED/);
    const withKey = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1', OPENAI_API_KEY: 'any' };
    expect(await simulatedModel(layout, ports(), withKey)).toBeNull();
  });

  it('is none when nobody would ask it, or it is not built', async () => {
    expect(await simulatedModel(layout, new Map(), {})).toBeNull();
    rmSync(layout.simulatorsDir, { recursive: true });
    expect(await simulatedModel(layout, ports(), {})).toBeNull();
  });
});
