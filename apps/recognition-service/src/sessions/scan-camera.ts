import type { LiveCamera, SeenFace } from '@teleop/contracts';
import type { Clock, Logger } from '@teleop/service-kit';
import type { Camera, TakenFrame } from '../cameras/camera';
import type { EngineSlots } from '../engine-host/engine-slots';
import type { Analysis, DetectedFace, Frame, RecognitionEngine } from '../engine/engine';
import type { FaceMatcher, Verdict } from '../matching/face-matcher';
import type { RecognitionMetrics } from '../metrics/recognition-metrics';
import { Bell } from '../time/bell';
import type { PlannedCamera, Student } from './session';

export interface ScanParts {
  readonly engine: RecognitionEngine;
  readonly slots: EngineSlots;
  readonly matcher: FaceMatcher;
  readonly students: readonly Student[];
  readonly requireLiveness: boolean;
  /** An older frame shows who was there, not who is. */
  readonly maxAgeMs: number;
  /** Called with each student found in a look; what it returns is waited for, the frame is kept until then. */
  readonly onFound: (found: Found) => Promise<void>;
  readonly metrics: RecognitionMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Found {
  readonly cameraId: number;
  /** Number of this look at the camera. */
  readonly look: number;
  readonly student: number;
  readonly confidence: number;
  readonly face: DetectedFace;
  readonly frame: Frame;
}

/** Looks at the newest frame of one camera, over and over again. */
export class ScanCamera {
  readonly bell = new Bell();
  #looks = 0;
  #faces = 0;
  #seen: readonly SeenFace[] = [];
  #running: Promise<void> = Promise.resolve();

  constructor(
    readonly planned: PlannedCamera,
    readonly camera: Camera,
    private readonly parts: ScanParts,
  ) {}

  start(over: AbortSignal): void {
    this.#running = this.run(over);
  }

  /** Resolves when the look in progress is over; to be called once the signal is aborted. */
  async stop(): Promise<void> {
    await Promise.all([this.camera.stop(), this.#running]);
  }

  live(): LiveCamera {
    const { id, name } = this.planned;
    const { state, framesRead, lastFrameAt, resolution, failure } = this.camera;
    return {
      id,
      name,
      state,
      framesRead,
      framesScanned: this.#looks,
      facesSeen: this.#faces,
      lastFrameAgeMs:
        lastFrameAt === undefined ? null : Math.round(this.parts.clock.monotonic() - lastFrameAt),
      resolution,
      failure,
      faces: [...this.#seen],
    };
  }

  private async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.bell.wait(0, over);
      if (over.aborted) return;
      // Only who has a thread takes a frame: while others are looked at, a newer one takes its place.
      const release = await this.parts.slots.take();
      const taken = over.aborted ? undefined : this.camera.take();
      const analysis = taken === undefined ? undefined : await this.analyse(taken, over).finally(release);
      if (taken === undefined) release();
      if (analysis === undefined) continue;
      try {
        if (!over.aborted) await this.judge(analysis);
      } catch (error) {
        this.parts.log.error({ err: error, cameraId: this.planned.id }, 'a look at a camera failed');
      }
      this.camera.recycle(analysis.frame);
    }
  }

  /** undefined: the frame is lost or too old; the next one comes soon. */
  private async analyse({ frame, at }: TakenFrame, over: AbortSignal): Promise<Analysis | undefined> {
    const { engine, metrics, clock, log, maxAgeMs, requireLiveness } = this.parts;
    const ageMs = clock.monotonic() - at;
    if (ageMs > maxAgeMs) {
      metrics.frameDropped('too_old');
      return undefined;
    }
    try {
      // Not aborted: it is over sooner than a session of other cameras ends, and its result is dropped then.
      const analysis = await engine.analyse(frame, { liveness: requireLiveness });
      metrics.frameScanned(ageMs, analysis.millis);
      return analysis;
    } catch (error) {
      if (over.aborted) return undefined;
      metrics.frameDropped('engine_failed');
      log.warn({ err: error, cameraId: this.planned.id }, 'a frame could not be looked at');
      return undefined;
    }
  }

  private async judge({ faces, frame }: Analysis): Promise<void> {
    const look = (this.#looks += 1);
    this.#faces += faces.length;
    const seen: SeenFace[] = [];
    for (const face of faces) {
      const verdict = this.parts.matcher.judge(face);
      this.parts.metrics.face(verdict.kind);
      seen.push(this.asSeen(face, verdict));
      if (verdict.kind !== 'student') continue;
      const { student, confidence } = verdict;
      await this.parts.onFound({ cameraId: this.planned.id, look, student, confidence, face, frame });
    }
    this.#seen = seen;
  }

  private asSeen({ box, quality, liveness }: DetectedFace, verdict: Verdict): SeenFace {
    const isStudent = verdict.kind === 'student';
    return {
      box: { x: box.x, y: box.y, width: box.width, height: box.height },
      studentUserId: isStudent ? this.parts.students[verdict.student]!.userId : null,
      confidence: isStudent ? verdict.confidence : null,
      quality: quality.overall,
      liveness,
    };
  }
}
