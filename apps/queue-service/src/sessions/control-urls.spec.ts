import { ConfigError } from '@teleop/service-kit';
import { readConfig } from '../config';
import { ControlUrls } from './control-urls';

describe('control URLs', () => {
  it('are the robot’s own when one is configured, as it is', () => {
    const urls = new ControlUrls(readConfig({ TELE_OP_CONTROL_URL_ARM_arm1: 'wss://robot.example/control' }));
    expect(urls.for('arm1', 't')).toEqual({ url: 'wss://robot.example/control', relay: false });
  });

  it('else point at the session relay behind the gateway', () => {
    const urls = new ControlUrls(readConfig({ GATEWAY_PUBLIC_URL: 'https://play.example/' }));
    expect(urls.for('arm1', 't1')).toEqual({
      url: 'wss://play.example/ws/drive/session?robotId=arm1&token=t1',
      relay: true,
    });
    const own = new ControlUrls(
      readConfig({ GATEWAY_PUBLIC_URL: 'https://x', SESSION_RELAY_URL: 'wss://relay.example' }),
    );
    expect(own.for('arm1', 't1')?.url).toBe('wss://relay.example/ws/drive/session?robotId=arm1&token=t1');
  });

  it('are missing when neither is configured', () => {
    expect(new ControlUrls(readConfig({})).for('arm1', 't')).toBeUndefined();
  });
});

describe('the configuration', () => {
  const production = {
    NODE_ENV: 'production',
    JWT_SECRET: 'a-real-jwt-secret-of-some-length',
    INTERNAL_API_TOKEN: 'a-real-internal-token',
    URL_AES_KEY: Buffer.alloc(32, 7).toString('base64'),
  };

  it('starts in production with secrets of its own', () => {
    expect(readConfig(production).URL_AES_KEY).toEqual(Buffer.alloc(32, 7));
  });

  it('refuses production without them, naming each', () => {
    expect(() => readConfig({ NODE_ENV: 'production' })).toThrow(
      /JWT_SECRET[\s\S]*INTERNAL_API_TOKEN[\s\S]*URL_AES_KEY/,
    );
    expect(() => readConfig({ ...production, JWT_SECRET: 'dev-jwt-secret' })).toThrow(/JWT_SECRET/);
    expect(() => readConfig({ ...production, TEST_MODE: 'true' })).toThrow(ConfigError);
  });

  it('names every bad value at once', () => {
    expect(() => readConfig({ SESSION_SECONDS: 'soon', SWEEP_SECONDS: '-1' })).toThrow(
      /SESSION_SECONDS[\s\S]*SWEEP_SECONDS/,
    );
  });
});
