import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commonSettings } from './common-settings';
import { ConfigError, loadConfig } from './load-config';
import { setting } from './setting';

const faultsOf = (work: () => unknown): readonly { name: string; reason: string }[] => {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('expected a ConfigError');
};

describe('loadConfig', () => {
  it('gives typed, frozen values and fills in defaults', () => {
    const config = loadConfig(
      {
        PORT: setting.int({ default: 3000 }),
        DEBUG: setting.bool({ default: false }),
        HOSTS: setting.list({ default: [] }),
        NAME: setting.string({ optional: true }),
        MODE: setting.oneOf(['a', 'b'], { default: 'a' }),
      },
      { DEBUG: 'true', HOSTS: 'x, y,,z', MODE: 'b' },
    );
    const port: number = config.PORT;
    const name: string | undefined = config.NAME;
    const mode: 'a' | 'b' = config.MODE;
    expect([port, name, mode]).toEqual([3000, undefined, 'b']);
    expect(config).toEqual({ PORT: 3000, DEBUG: true, HOSTS: ['x', 'y', 'z'], NAME: undefined, MODE: 'b' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('lists every fault together by name and repeats no value', () => {
    const faults = faultsOf(() =>
      loadConfig(
        {
          PORT: setting.int({ max: 65_535, default: 1 }),
          URL: setting.url({ protocols: ['redis'] }),
          FLAG: setting.bool({ default: true }),
          NEEDED: setting.string(),
          KEY: setting.base64({ bytes: 32 }),
        },
        { PORT: '70000', URL: 'http://user:hunter2@x', FLAG: 'maybe', KEY: 'c2hvcnQ=' },
      ),
    );
    expect(faults).toEqual([
      { name: 'PORT', reason: 'must be from 0 to 65535' },
      { name: 'URL', reason: 'must be a URL with redis://' },
      { name: 'FLAG', reason: 'must be true or false' },
      { name: 'NEEDED', reason: 'is missing' },
      { name: 'KEY', reason: 'must be base64 of 32 bytes' },
    ]);
    expect(new ConfigError(faults).message).toContain('PORT must be');
    expect(new ConfigError(faults).message).not.toContain('hunter2');
  });

  it.each(['', ' ', '1.5', '1e3', '0x10', 'NaN', '-1', '9007199254740993'])(
    'refuses %j as a whole number',
    (text) => {
      const settings = { N: setting.int() };
      expect(faultsOf(() => loadConfig(settings, { N: text }))).toHaveLength(1);
    },
  );

  describe('secrets', () => {
    const settings = {
      SECRET: setting.secret({ devDefault: 'dev' }),
      EXTRA: setting.secret({ optional: true }),
    };

    it('have their development default outside production only', () => {
      expect(loadConfig(settings, {}).SECRET).toBe('dev');
      expect(faultsOf(() => loadConfig(settings, { NODE_ENV: 'production' }))).toEqual([
        { name: 'SECRET', reason: 'is missing (set SECRET or SECRET_FILE)' },
      ]);
    });

    it('may not be the development default in production, also not when set to it by hand', () => {
      expect(faultsOf(() => loadConfig(settings, { NODE_ENV: 'production', SECRET: 'dev' }))).toEqual([
        { name: 'SECRET', reason: 'still has its development default' },
      ]);
      expect(loadConfig(settings, { NODE_ENV: 'production', SECRET: 'other' }).SECRET).toBe('other');
    });

    it('come from the file that NAME_FILE names, without its line end', () => {
      const folder = mkdtempSync(join(tmpdir(), 'config-'));
      try {
        writeFileSync(join(folder, 'secret'), 'from-file\n');
        expect(loadConfig(settings, { SECRET_FILE: join(folder, 'secret') }).SECRET).toBe('from-file');
        const missing = { SECRET_FILE: join(folder, 'nope'), EXTRA_FILE: join(folder, 'nope') };
        expect(faultsOf(() => loadConfig(settings, missing))).toEqual([
          { name: 'SECRET_FILE', reason: 'cannot be read (ENOENT)' },
          { name: 'EXTRA_FILE', reason: 'cannot be read (ENOENT)' },
        ]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  it('refuses the development defaults of the common settings in production, all by name', () => {
    const names = faultsOf(() => loadConfig(commonSettings, { NODE_ENV: 'production' })).map(
      (fault) => fault.name,
    );
    expect(names).toEqual(['JWT_SECRET', 'INTERNAL_API_TOKEN']);
    expect(loadConfig(commonSettings, {}).JWT_SECRET).toBe('dev-jwt-secret');
  });
});
