import { readConfig } from './config';

describe('configuration', () => {
  it('has the times and limits of the source', () => {
    expect(readConfig({})).toMatchObject({
      DEFAULT_SCAN_INTERVAL_MS: 1_500,
      CALLBACK_TIMEOUT_MS: 10_000,
      callbackWaitsMs: [1_000, 2_000, 4_000],
      CALLBACK_MAX_FAILURES: 10,
      CALLBACK_MAX_FAILURE_MS: 120_000,
      CAMERA_RECONNECT_TRIES: 3,
      CAMERA_RECONNECT_DELAY_MS: 2_000,
      EVIDENCE_RETENTION_DAYS: 30,
      EVIDENCE_MARGIN_PX: 50,
      EVIDENCE_MIN_PX: 300,
    });
  });

  it('lets another replica take over within 15 seconds', () => {
    const { SESSION_LEASE_MS, SESSION_RENEW_MS } = readConfig({});
    expect(SESSION_LEASE_MS + SESSION_RENEW_MS).toBeLessThan(15_000);
  });

  it('refuses the key of development in production', () => {
    const production = { NODE_ENV: 'production', JWT_SECRET: 'a', INTERNAL_API_TOKEN: 'b' };
    expect(() => readConfig(production)).toThrow(/RECOGNITION_API_KEY is missing/);
    expect(() => readConfig({ ...production, RECOGNITION_API_KEY: 'dev-recognition-key' })).toThrow(
      /RECOGNITION_API_KEY still has its development default/,
    );
  });

  it('names every mistake', () => {
    const env = {
      CALLBACK_WAITS_MS: '1,soon',
      SESSION_LEASE_MS: '500',
      SESSION_RENEW_MS: '400',
      CAMERA_HOSTS: '10.0.0.0/99',
    };
    expect(() => readConfig(env)).toThrow(
      /CALLBACK_WAITS_MS[^]*SESSION_LEASE_MS[^]*CAMERA_HOSTS has "10.0.0.0\/99"/,
    );
    expect(() => readConfig({ DEFAULT_SIMILARITY_THRESHOLD: '2', LIVENESS_MIN: 'x' })).toThrow(
      /DEFAULT_SIMILARITY_THRESHOLD must be a number from 0 to 1[^]*LIVENESS_MIN/,
    );
  });
});
