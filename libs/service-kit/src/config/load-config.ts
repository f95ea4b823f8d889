import { readFileSync } from 'node:fs';
import type { Setting } from './setting';

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Settings = Record<string, Setting<any>>;
export type ConfigOf<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export interface ConfigFault {
  readonly name: string;
  readonly reason: string;
}

/** Everything that is wrong with the environment, by name; never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly ConfigFault[]) {
    super(['Configuration is not usable:', ...faults.map((f) => `  ${f.name} ${f.reason}`)].join('\n'));
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** NAME, or the content of the file that NAME_FILE names. An empty text counts as not set. */
function textOf(name: string, env: Env): string | undefined {
  const direct = env[name]?.trim();
  if (direct) return direct;
  const file = env[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    throw new Error(`_FILE cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, {
      cause: error,
    });
  }
}

function valueOf(name: string, setting: Setting<unknown>, env: Env): unknown {
  const text = textOf(name, env);
  const production = env['NODE_ENV'] === 'production';
  if (text === undefined) {
    if (setting.devDefault !== undefined && !production) return setting.parse(setting.devDefault);
    if (setting.required)
      throw new Error(` is missing${setting.isSecret ? ` (set ${name} or ${name}_FILE)` : ''}`);
    return setting.default;
  }
  if (production && setting.isSecret && text === setting.devDefault) {
    throw new Error(' still has its development default');
  }
  try {
    return setting.parse(text);
  } catch (error) {
    throw new Error(` ${(error as Error).message}`, { cause: error });
  }
}

/** Reads the environment once into a frozen object. Throws ConfigError that lists every fault by name. */
export function loadConfig<const S extends Settings>(settings: S, env: Env = process.env): ConfigOf<S> {
  const config: Record<string, unknown> = {};
  const faults: ConfigFault[] = [];
  for (const [name, setting] of Object.entries(settings)) {
    try {
      config[name] = valueOf(name, setting, env);
    } catch (error) {
      const text = (error as Error).message;
      faults.push(
        text.startsWith('_FILE')
          ? { name: `${name}_FILE`, reason: text.slice(6) }
          : { name, reason: text.trim() },
      );
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config) as ConfigOf<S>;
}

/** For main.ts: the config, or one readable message and exit code 1. */
export function loadConfigOrExit<const S extends Settings>(settings: S, env: Env = process.env): ConfigOf<S> {
  try {
    return loadConfig(settings, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
