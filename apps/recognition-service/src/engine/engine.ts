/** RGB, 8 bit, row by row, no padding. The buffer is handed over (transferred) to the worker and is empty until it comes back. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** In pixels of the frame; may reach beyond its edges. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Each 0–1, 1 being best; `overall` is the least of the four. */
export interface FaceQuality {
  readonly size: number;
  readonly sharpness: number;
  /** Looking into the camera. */
  readonly pose: number;
  readonly brightness: number;
  readonly overall: number;
}

/** Left eye, right eye, tip of the nose, middle of the mouth, as seen in the picture; in pixels of the frame. */
export type Landmarks = readonly (readonly [number, number])[];

export interface DetectedFace {
  readonly box: Box;
  /** How sure the detector is, 0–1. */
  readonly score: number;
  readonly landmarks: Landmarks;
  readonly quality: FaceQuality;
  /** L2-normalised, `info.model.dimension` long; null: the face did not pass the quality gate. */
  readonly embedding: Float32Array | null;
  /** 0–1, 1: a live person; null: not asked for, or the face did not pass the quality gate. */
  readonly liveness: number | null;
}

export interface EngineInfo {
  readonly backend: string;
  readonly model: { readonly name: string; readonly version: string; readonly dimension: number };
  readonly detector: string;
  readonly threads: number;
}

export interface AnalyseOptions {
  readonly liveness?: boolean;
  /** A frame that waits is taken out of the queue; one that is being looked at is finished and its result dropped. */
  readonly signal?: AbortSignal;
}

export interface Analysis {
  readonly faces: DetectedFace[];
  readonly millis: number;
  /** The frame given back, for evidence crops. */
  readonly frame: Frame;
}

export interface RecognitionEngine {
  readonly info: EngineInfo;
  /** Rejects with `EngineBusy`, `EngineClosed`, `WorkerDied`, `BadFrame` or the signal's reason. */
  analyse(frame: Frame, options?: AnalyseOptions): Promise<Analysis>;
  /** Waits for frames that are being looked at; those that wait are refused with `EngineClosed`. */
  close(): Promise<void>;
}
