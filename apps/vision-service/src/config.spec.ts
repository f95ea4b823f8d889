import { readConfig } from './config';

const production = {
  NODE_ENV: 'production',
  JWT_SECRET: 'a-secret-of-production',
  INTERNAL_API_TOKEN: 'a-token-of-production',
};

describe('configuration', () => {
  it('refuses to start in production without a key, and starts without one in development', () => {
    expect(() => readConfig(production)).toThrow(/OPENAI_API_KEY is missing/);
    expect(readConfig({ ...production, OPENAI_API_KEY: 'k' }).OPENAI_API_KEY).toBe('k');
    expect(readConfig({}).OPENAI_API_KEY).toBeUndefined();
  });

  it('has the models of the source and a deadline under 60 s', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      VISION_MODEL_FAST: 'gpt-5.1-mini',
      VISION_MODEL_STRONG: 'gpt-5.1',
      VISION_REQUEST_TIMEOUT_MS: 55_000,
      VISION_MAX_BODY_BYTES: 40 * 1024 * 1024,
    });
    expect(config.scenes.get('arm1')).toBe('trays');
    expect(config.prices.get('gpt-5.1')).toEqual({ input: 1.25, output: 10 });
  });

  it('names every mistake', () => {
    expect(() => readConfig({ VISION_PRICES: 'gpt=free', VISION_SCENES: 'arm1=moon' })).toThrow(
      /VISION_PRICES has "gpt=free"[^]*VISION_SCENES has "arm1=moon"/,
    );
  });
});
