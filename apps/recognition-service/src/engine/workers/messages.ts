import type { WorkerInfo } from '../build-analyser';
import type { DetectedFace, Frame } from '../engine';
import type { Backend, EngineSettings } from '../engine-settings';

/** What a worker thread is started with. */
export interface WorkerStart {
  readonly backend: Backend;
  readonly settings: EngineSettings;
}

export type ToWorker =
  | { readonly kind: 'analyse'; readonly id: number; readonly frame: Frame; readonly liveness: boolean }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'ready'; readonly info: WorkerInfo }
  | { readonly kind: 'unusable'; readonly reason: string }
  | {
      readonly kind: 'analysed';
      readonly id: number;
      readonly frame: Frame;
      readonly faces: DetectedFace[];
      readonly millis: number;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };
