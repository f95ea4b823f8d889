import { Injectable } from '@nestjs/common';
import type { CameraState, StopReason } from '@teleop/contracts';
import { Metrics } from '@teleop/service-kit';

const SECONDS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5];

@Injectable()
export class RecognitionMetrics {
  readonly #frames;
  readonly #faces;
  readonly #recognised;
  readonly #callbacks;
  readonly #stopped;
  readonly #taken;
  readonly #cameras;
  readonly #age;
  readonly #analysis;

  constructor(private readonly metrics: Metrics) {
    this.#frames = metrics.counter('recognition_frames_total', 'Frames, by what became of them', ['outcome']);
    this.#faces = metrics.counter('recognition_faces_total', 'Faces, by what they were taken for', [
      'outcome',
    ]);
    this.#recognised = metrics.counter('recognition_recognitions_total', 'Students recognised');
    this.#callbacks = metrics.counter(
      'recognition_callbacks_total',
      'Callbacks, all attempts of one together',
      ['kind', 'outcome'],
    );
    this.#stopped = metrics.counter('recognition_sessions_stopped_total', 'Sessions that ended', ['reason']);
    this.#taken = metrics.counter('recognition_sessions_taken_over_total', 'Sessions of replicas that died');
    this.#cameras = metrics.counter('recognition_camera_changes_total', 'Changes of cameras', ['state']);
    this.#age = metrics.histogram(
      'recognition_frame_age_seconds',
      'Age of a frame when it is looked at',
      SECONDS,
    );
    this.#analysis = metrics.histogram(
      'recognition_analysis_seconds',
      'Finding and embedding the faces of a frame',
      SECONDS,
    );
  }

  /** Read when Prometheus asks. */
  watch(read: { sessions: () => number; cameras: (state: CameraState) => number }): void {
    this.metrics.observed('recognition_sessions', 'Sessions of this replica', read.sessions);
    for (const state of ['ACTIVE', 'RECONNECTING', 'DEAD'] as const) {
      this.metrics.observed(`recognition_cameras_${state.toLowerCase()}`, `Cameras that are ${state}`, () =>
        read.cameras(state),
      );
    }
  }

  frameScanned(ageMs: number, analysisMs: number): void {
    this.#frames.inc({ outcome: 'scanned' });
    this.#age.observe(ageMs / 1_000);
    this.#analysis.observe(analysisMs / 1_000);
  }

  frameDropped(reason: 'too_old' | 'engine_failed'): void {
    this.#frames.inc({ outcome: reason });
  }

  face(outcome: 'student' | 'stranger' | 'unclear' | 'not_alive'): void {
    this.#faces.inc({ outcome });
  }

  recognised(): void {
    this.#recognised.inc();
  }

  callbackSent(isRecognition: boolean, taken: boolean): void {
    this.#callbacks.inc({
      kind: isRecognition ? 'recognition' : 'status',
      outcome: taken ? 'taken' : 'failed',
    });
  }

  stopped(reason: StopReason): void {
    this.#stopped.inc({ reason });
  }

  takenOver(): void {
    this.#taken.inc();
  }

  cameraChanged(state: CameraState): void {
    this.#cameras.inc({ state });
  }
}
