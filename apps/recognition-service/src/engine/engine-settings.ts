export const BACKENDS = ['onnx', 'tfjs-node', 'human-wasm'] as const;
export type Backend = (typeof BACKENDS)[number];

/** What a face must reach (each 0–1, see FaceQuality) before it is embedded. */
export interface QualityGate {
  readonly size: number;
  readonly sharpness: number;
  readonly pose: number;
  readonly brightness: number;
}

export interface EngineSettings {
  /** `auto`: the first of BACKENDS that starts. */
  readonly backend: Backend | 'auto';
  /** Worker threads; each infers on one core. */
  readonly threads: number;
  /** `default`, or `onnx:<file>` (YuNet or SCRFD). */
  readonly detector: string;
  /** `default` (dlib's ResNet-34), or `onnx:<file>` (ArcFace layout, 112 × 112). */
  readonly embeddingModel: string;
  /** Where converted models are kept; made where it is missing. */
  readonly modelCache: string;
  /** The smallest face that is looked for, in pixels of the frame. */
  readonly minFace: number;
  /** What the detector's score must reach, 0–1. */
  readonly minScore: number;
  readonly maxFaces: number;
  /** With no more faces than this in a frame, each is embedded with its mirror image: nearer to the person, twice the time. */
  readonly mirrorFaces: number;
  readonly gate: QualityGate;
  /** Frames that may wait for a thread; one more is refused with EngineBusy. */
  readonly maxWaiting: number;
  /** A thread that has not answered by then is ended and replaced. */
  readonly frameTimeoutMs: number;
  /** Reading, converting and compiling models. */
  readonly startTimeoutMs: number;
}

export const ENGINE_DEFAULTS: EngineSettings = Object.freeze({
  backend: 'auto',
  threads: 2,
  detector: 'default',
  embeddingModel: 'default',
  modelCache: '.data/models',
  minFace: 26,
  minScore: 0.5,
  maxFaces: 100,
  mirrorFaces: 3,
  gate: Object.freeze({ size: 0.3, sharpness: 0.2, pose: 0.2, brightness: 0.1 }),
  maxWaiting: 64,
  frameTimeoutMs: 15_000,
  startTimeoutMs: 120_000,
});
