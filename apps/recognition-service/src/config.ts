import path from 'node:path';
import {
  commonSettings,
  ConfigError,
  loadConfig,
  setting,
  type ConfigOf,
  type Setting,
} from '@teleop/service-kit';
import { AllowList } from './network/address-rules';
import { BACKENDS, ENGINE_DEFAULTS, type EngineSettings } from './engine/engine-settings';

const MIB = 1024 * 1024;

/** A number that need not be whole. */
function number(options: { default: number; min: number; max: number }): Setting<number> {
  return {
    parse: (text) => {
      const value = Number(text);
      if (text === '' || !Number.isFinite(value) || value < options.min || value > options.max)
        throw new Error(`must be a number from ${options.min} to ${options.max}`);
      return value;
    },
    default: options.default,
    required: false,
    isSecret: false,
  };
}

const fraction = (value: number) => number({ default: value, min: 0, max: 1 });

/** Times in milliseconds and sizes in bytes where a name does not say otherwise. */
const settings = {
  ...commonSettings,
  /** What the attendance backend calls us with, and we call it with. */
  RECOGNITION_API_KEY: setting.secret({ devDefault: 'dev-recognition-key' }),
  DATABASE_POOL: setting.int({ default: 8, min: 2, max: 200 }),
  /** A class of 300 with three photos of 512 numbers each. */
  RECOGNITION_MAX_BODY_BYTES: setting.int({ default: 16 * MIB, min: 1 }),
  MAX_SESSIONS: setting.int({ default: 20, min: 1 }),
  MAX_STUDENTS: setting.int({ default: 5_000, min: 1, max: 10_000 }),
  MAX_CAMERAS: setting.int({ default: 16, min: 1, max: 64 }),
  /** A session that nobody stops. */
  SESSION_MAX_HOURS: setting.int({ default: 24, min: 1 }),

  RECOGNITION_BACKEND: setting.oneOf(['auto', ...BACKENDS], { default: 'auto' }),
  ENGINE_THREADS: setting.int({ default: ENGINE_DEFAULTS.threads, min: 1, max: 64 }),
  /** `default`, or `onnx:<file>`. */
  FACE_DETECTOR: setting.string({ default: 'default' }),
  /** `default`, or `onnx:<file>`. Vectors of another model cannot be compared: everybody has to be enrolled anew. */
  EMBEDDING_MODEL: setting.string({ default: 'default' }),
  /** Where converted models are kept; by default in the working directory. */
  MODEL_CACHE_DIR: setting.string({ default: ENGINE_DEFAULTS.modelCache }),
  /** Pixels of the picture. */
  MIN_FACE_PX: setting.int({ default: ENGINE_DEFAULTS.minFace, min: 8 }),
  FACE_MIN_SCORE: fraction(ENGINE_DEFAULTS.minScore),
  MAX_FACES: setting.int({ default: ENGINE_DEFAULTS.maxFaces, min: 1 }),
  /** With no more faces than this in a picture, each is embedded with its mirror image: nearer to the person, twice the time. */
  MIRROR_FACES: setting.int({ default: ENGINE_DEFAULTS.mirrorFaces, min: 1 }),
  QUALITY_MIN_SIZE: fraction(ENGINE_DEFAULTS.gate.size),
  QUALITY_MIN_SHARPNESS: fraction(ENGINE_DEFAULTS.gate.sharpness),
  QUALITY_MIN_POSE: fraction(ENGINE_DEFAULTS.gate.pose),
  QUALITY_MIN_BRIGHTNESS: fraction(ENGINE_DEFAULTS.gate.brightness),
  ENGINE_MAX_WAITING: setting.int({ default: ENGINE_DEFAULTS.maxWaiting, min: 1 }),
  ENGINE_FRAME_TIMEOUT_MS: setting.int({ default: ENGINE_DEFAULTS.frameTimeoutMs, min: 1 }),
  ENGINE_START_TIMEOUT_MS: setting.int({ default: ENGINE_DEFAULTS.startTimeoutMs, min: 1 }),

  /** Confidence from which a face is a student; 0: what was calibrated for the model in use and the size of the class. */
  DEFAULT_SIMILARITY_THRESHOLD: fraction(0),
  /** Looks within the last five of a camera in which a student must be found before it counts. */
  SCANS_TO_COUNT: setting.int({ default: 2, min: 1, max: 5 }),
  /** Of `config.requireLiveness`. */
  LIVENESS_MIN: fraction(0.5),
  DEFAULT_SCAN_INTERVAL_MS: setting.int({ default: 1_500, min: 100, max: 60_000 }),

  FFMPEG_PATH: setting.string({ default: 'ffmpeg' }),
  /** Folders of its shared libraries, where it was unpacked rather than installed. */
  FFMPEG_LIBRARY_PATH: setting.string({ default: '' }),
  /** Hosts and subnets of cameras; empty: any but link-local and metadata addresses. */
  CAMERA_HOSTS: setting.list({ default: [] }),
  /** How long a name server may take to tell where a camera or the backend is. */
  HOST_LOOKUP_MS: setting.int({ default: 3_000, min: 1 }),
  /** Pictures are made no wider than this. */
  CAMERA_MAX_WIDTH: setting.int({ default: 1_920, min: 160, max: 7_680 }),
  /** How long a camera may take to its first picture. */
  CAMERA_START_TIMEOUT_MS: setting.int({ default: 10_000, min: 100 }),
  /** Silence after which a camera's connection is dead: this, or 2.5 scan intervals where that is more. */
  CAMERA_SILENCE_MS: setting.int({ default: 4_000, min: 100 }),
  CAMERA_RECONNECT_TRIES: setting.int({ default: 3, min: 1 }),
  CAMERA_RECONNECT_DELAY_MS: setting.int({ default: 2_000, min: 1 }),
  /** How often a dead camera is tried again. */
  CAMERA_REVIVE_MS: setting.int({ default: 30_000, min: 100 }),
  /** Connections of the camera test and capture endpoints at once. */
  CAMERA_MAX_TRIALS: setting.int({ default: 4, min: 1 }),
  /** How long a camera test looks at the pictures. */
  CAMERA_TEST_MS: setting.int({ default: 2_000, min: 100 }),

  CALLBACK_TIMEOUT_MS: setting.int({ default: 10_000, min: 1 }),
  /** Waits after each attempt, in milliseconds; as many attempts as waits. */
  CALLBACK_WAITS_MS: setting.list({ default: ['1000', '2000', '4000'] }),
  /** Hosts and subnets of the attendance backend; empty: any but link-local and metadata addresses. */
  CALLBACK_HOSTS: setting.list({ default: [] }),
  /** Failures (each of all attempts) in a row that end a session. */
  CALLBACK_MAX_FAILURES: setting.int({ default: 10, min: 1 }),
  /** How long the backend may go on taking what it is being told when a session is stopped, or its replica is. */
  CALLBACK_STOP_MS: setting.int({ default: 2_000, min: 0 }),
  /** Time without a success, while there are failures, that ends it. */
  CALLBACK_MAX_FAILURE_MS: setting.int({ default: 120_000, min: 1 }),
  /** How long what is still to be told is tried after the cameras of a session have failed. */
  CALLBACK_FAREWELL_MS: setting.int({ default: 120_000, min: 1 }),

  /** A replica that has not renewed its sessions for this long has died; another takes them over. */
  SESSION_LEASE_MS: setting.int({ default: 8_000, min: 200 }),
  SESSION_RENEW_MS: setting.int({ default: 2_000, min: 20 }),

  /** Days. */
  EVIDENCE_RETENTION_DAYS: setting.int({ default: 30, min: 1 }),
  EVIDENCE_SWEEP_MS: setting.int({ default: 3_600_000, min: 20 }),
  /** Where callers reach /uploads/evidence; by default the gateway, or this service itself. */
  EVIDENCE_BASE_URL: setting.url({ optional: true, protocols: ['http', 'https'] }),
  GATEWAY_PUBLIC_URL: setting.url({ optional: true, protocols: ['http', 'https'] }),
  /** Signs the URLs that open a picture without a key; by default made from RECOGNITION_API_KEY. */
  EVIDENCE_URL_SECRET: setting.secret({ optional: true }),
  EVIDENCE_URL_TTL_S: setting.int({ default: 900, min: 1 }),
  /** Sign the URLs in callbacks as well: for backends that show them in a browser at once. */
  EVIDENCE_SIGN_CALLBACKS: setting.bool({ default: false }),
  EVIDENCE_MARGIN_PX: setting.int({ default: 50 }),
  EVIDENCE_MIN_PX: setting.int({ default: 300, min: 1 }),
  EVIDENCE_JPEG_QUALITY: setting.int({ default: 85, min: 1, max: 100 }),

  PHOTO_MAX_BYTES: setting.int({ default: 10 * MIB, min: 1 }),
  PHOTO_MAX_PIXELS: setting.int({ default: 50_000_000, min: 1 }),
  /** Larger photos are made smaller before faces are looked for. */
  PHOTO_MAX_SIDE_PX: setting.int({ default: 1_600, min: 64 }),
};

export type RecognitionConfig = ConfigOf<typeof settings> & {
  readonly engine: EngineSettings;
  readonly callbackWaitsMs: readonly number[];
};

/** Typed and frozen; throws ConfigError with every mistake by name. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): RecognitionConfig {
  const config = loadConfig(settings, env);
  const callbackWaitsMs = config.CALLBACK_WAITS_MS.map(Number);
  const faults: { name: string; reason: string }[] = [];
  if (callbackWaitsMs.length === 0 || !callbackWaitsMs.every((ms) => Number.isSafeInteger(ms) && ms >= 0)) {
    faults.push({ name: 'CALLBACK_WAITS_MS', reason: 'must be a list of whole numbers' });
  }
  if (config.SESSION_LEASE_MS < config.SESSION_RENEW_MS * 2) {
    faults.push({ name: 'SESSION_LEASE_MS', reason: 'must be at least twice SESSION_RENEW_MS' });
  }
  for (const name of ['CAMERA_HOSTS', 'CALLBACK_HOSTS'] as const) {
    try {
      new AllowList(config[name]);
    } catch (error) {
      faults.push({ name, reason: (error as Error).message });
    }
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze({ ...config, engine: engineSettings(config), callbackWaitsMs });
}

function engineSettings(config: ConfigOf<typeof settings>): EngineSettings {
  return Object.freeze({
    backend: config.RECOGNITION_BACKEND,
    threads: config.ENGINE_THREADS,
    detector: config.FACE_DETECTOR,
    embeddingModel: config.EMBEDDING_MODEL,
    modelCache: path.resolve(config.MODEL_CACHE_DIR),
    minFace: config.MIN_FACE_PX,
    minScore: config.FACE_MIN_SCORE,
    maxFaces: config.MAX_FACES,
    mirrorFaces: config.MIRROR_FACES,
    gate: Object.freeze({
      size: config.QUALITY_MIN_SIZE,
      sharpness: config.QUALITY_MIN_SHARPNESS,
      pose: config.QUALITY_MIN_POSE,
      brightness: config.QUALITY_MIN_BRIGHTNESS,
    }),
    maxWaiting: config.ENGINE_MAX_WAITING,
    frameTimeoutMs: config.ENGINE_FRAME_TIMEOUT_MS,
    startTimeoutMs: config.ENGINE_START_TIMEOUT_MS,
  });
}
