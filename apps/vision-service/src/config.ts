import { commonSettings, ConfigError, loadConfig, setting, type ConfigOf } from '@teleop/service-kit';
import { parsePrices, type Prices } from './model/prices';
import { SCENES, type Scene } from './model/prompts';

const MIB = 1024 * 1024;

/** Times in milliseconds, sizes in bytes. */
const settings = {
  ...commonSettings,
  /** Key of the model's provider. Without one a development service starts and answers 503 VISION_NOT_CONFIGURED. */
  OPENAI_API_KEY: setting.secret({ optional: true }),
  /** Any server that speaks the Responses API. */
  OPENAI_BASE_URL: setting.url({ default: 'https://api.openai.com/v1', protocols: ['http', 'https'] }),
  /** Of attempt 1. */
  VISION_MODEL_FAST: setting.string({ default: 'gpt-5.1-mini' }),
  /** Of attempts 2 and 3. */
  VISION_MODEL_STRONG: setting.string({ default: 'gpt-5.1' }),
  /** `model=input/output` in US dollars per million tokens. */
  VISION_PRICES: setting.list({ default: ['gpt-5.1-mini=0.25/2', 'gpt-5.1=1.25/10'] }),
  /** `robotId=scene`; a robot that is not named has the acrylic box. */
  VISION_SCENES: setting.list({ default: ['arm1=trays', 'arm2=acrylic-box', 'arm3=acrylic-box'] }),
  VISION_MAX_OUTPUT_TOKENS: setting.int({ default: 4_096, min: 16 }),

  /**
   * The whole request, under the 60 s of the usual proxies: from when its body asks for its place, the wait for that
   * included. Only the sending of the body is not, which is the sender's line; proxies count from its end as well.
   */
  VISION_REQUEST_TIMEOUT_MS: setting.int({ default: 55_000, min: 100 }),
  VISION_ATTEMPT_TIMEOUT_MS: setting.int({ default: 18_000, min: 50 }),
  /** Calls of this process in flight at once with the key. */
  VISION_MAX_CALLS: setting.int({ default: 32, min: 1 }),
  /** How often one question is asked at most. */
  VISION_CALL_TRIES: setting.int({ default: 4, min: 1 }),
  VISION_BACKOFF_MS: setting.int({ default: 250, min: 1 }),
  VISION_BACKOFF_MAX_MS: setting.int({ default: 4_000, min: 1 }),
  /** Failures in a row after which a model is not asked for a while. */
  VISION_BREAKER_FAILURES: setting.int({ default: 10, min: 1 }),
  VISION_BREAKER_OPEN_MS: setting.int({ default: 1_000, min: 1 }),
  VISION_BREAKER_MAX_OPEN_MS: setting.int({ default: 15_000, min: 1 }),

  VISION_MAX_CAMERAS: setting.int({ default: 16, min: 1, max: 64 }),
  VISION_MAX_BODY_BYTES: setting.int({ default: 40 * MIB, min: 1 }),
  /** Bodies held at once, over all requests; the others wait before they are read. */
  VISION_BODY_BUDGET_BYTES: setting.int({ default: 256 * MIB, min: 1 }),
  /** How long a body waits for its place before 503; never longer than the whole request may take. */
  VISION_BODY_WAIT_MS: setting.int({ default: 20_000, min: 1 }),

  /** A replica that has not renewed its claim on an evaluation for this long has died; another takes over. */
  VISION_CLAIM_MS: setting.int({ default: 8_000, min: 200 }),
  /** How often a replica looks whether another has finished an evaluation. */
  VISION_CLAIM_LOOK_MS: setting.int({ default: 150, min: 10 }),
  DATABASE_POOL: setting.int({ default: 8, min: 2, max: 200 }),

  /** Receiving a request: pictures over a slow line take their time. */
  REQUEST_TIMEOUT_MS: setting.int({ default: 120_000, min: 1 }),
  /** An evaluation that runs is let finish. */
  SHUTDOWN_TIMEOUT_MS: setting.int({ default: 60_000, min: 1 }),
};

export type VisionConfig = ConfigOf<typeof settings> & {
  readonly prices: Prices;
  readonly scenes: ReadonlyMap<string, Scene>;
};

/** Typed and frozen; throws ConfigError with every mistake by name. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): VisionConfig {
  const config = loadConfig(settings, env);
  const faults: { name: string; reason: string }[] = [];
  const reading = <T>(name: string, read: () => T, fallback: T): T => {
    try {
      return read();
    } catch (error) {
      faults.push({ name, reason: (error as Error).message });
      return fallback;
    }
  };
  const prices = reading('VISION_PRICES', () => parsePrices(config.VISION_PRICES), new Map() as Prices);
  const scenes = reading('VISION_SCENES', () => parseScenes(config.VISION_SCENES), new Map<string, Scene>());
  if (config.NODE_ENV === 'production' && config.OPENAI_API_KEY === undefined) {
    faults.push({ name: 'OPENAI_API_KEY', reason: 'is missing (set OPENAI_API_KEY or OPENAI_API_KEY_FILE)' });
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({ ...config, prices, scenes });
}

function parseScenes(entries: readonly string[]): Map<string, Scene> {
  return new Map(
    entries.map((entry) => {
      const [robotId = '', scene = ''] = entry.split('=');
      if (!(SCENES as readonly string[]).includes(scene) || robotId === '') {
        throw new Error(`has "${entry}"; expected robotId=scene with a scene of ${SCENES.join(', ')}`);
      }
      return [robotId, scene as Scene];
    }),
  );
}

export const VISION_CONFIG = Symbol('vision-service:config');
