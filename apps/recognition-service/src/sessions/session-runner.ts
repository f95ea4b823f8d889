import type { CameraState, LiveCamera } from '@teleop/contracts';
import { isTransient } from '@teleop/persistence';
import { stopController, type Clock, type Logger } from '@teleop/service-kit';
import { CallbackSender, type SenderParts, type SenderSettings } from '../callbacks/callback-sender';
import { Camera, type CameraSettings } from '../cameras/camera';
import type { CameraDesk } from '../cameras/camera-desk';
import type { EngineSlots } from '../engine-host/engine-slots';
import type { RecognitionEngine } from '../engine/engine';
import { evidenceFile, type EvidenceUrls } from '../evidence/evidence-urls';
import { takeEvidence, type EvidenceRule } from '../evidence/take-evidence';
import { buildGallery } from '../matching/build-gallery';
import { FaceMatcher, type MatchRules } from '../matching/face-matcher';
import type { RecognitionMetrics } from '../metrics/recognition-metrics';
import { pause } from '../time/pause';
import { Sightings } from './domain/sightings';
import { ScanCamera, type Found } from './scan-camera';
import type { PlannedCamera, Session } from './session';
import type { SessionStore } from './session-store';

export interface RunnerSettings {
  readonly camera: CameraSettings;
  readonly sender: SenderSettings;
  readonly evidence: EvidenceRule;
  readonly rules: MatchRules;
  readonly scansToCount: number;
  readonly farewellMs: number;
}

export interface RunnerParts {
  readonly engine: RecognitionEngine;
  readonly slots: EngineSlots;
  readonly desk: CameraDesk;
  readonly store: SessionStore;
  readonly urls: EvidenceUrls;
  readonly metrics: RecognitionMetrics;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sender: SenderParts;
}

/** Why a runner asks to be ended. */
export type RunnerEnd = 'ALL_CAMERAS_FAILED' | 'CALLBACKS_FAILED' | 'LOST';

/** One session while this replica owns it: its cameras, its looks at them, and what it tells the backend. */
export class SessionRunner {
  readonly #over = stopController();
  readonly #scans: readonly ScanCamera[];
  readonly #sender: CallbackSender;
  readonly #sightings: Sightings;
  readonly #recognised: Set<number>;
  #changes: Promise<void> = Promise.resolve();
  #isRunning = false;

  constructor(
    readonly session: Session,
    recognised: Iterable<number>,
    private readonly settings: RunnerSettings,
    private readonly parts: RunnerParts,
    private readonly onEnd: (end: RunnerEnd) => void,
  ) {
    this.#recognised = new Set(recognised);
    this.#sightings = new Sightings(settings.scansToCount);
    const { plan, vectors } = session;
    const studentOf = plan.students.flatMap((student, index) => Array<number>(student.vectors).fill(index));
    const { dimension } = parts.engine.info.model;
    const matcher = new FaceMatcher(buildGallery(vectors, studentOf, dimension), settings.rules);
    this.#scans = plan.cameras.map((planned) => this.scan(planned, matcher));
    const { callbackUrl } = plan;
    this.#sender = new CallbackSender(
      { id: session.id, owner: parts.store.owner, callbackUrl },
      settings.sender,
      parts.sender,
      () => onEnd('CALLBACKS_FAILED'),
    );
  }

  /** Tries all cameras side by side; resolves with the ids of those that brought no picture. Nothing is looked at yet. */
  async connect(): Promise<number[]> {
    const connected = await Promise.all(this.#scans.map(({ camera }) => camera.start()));
    return this.#scans.flatMap(({ planned }, index) => (connected[index] ? [] : [planned.id]));
  }

  /** The session is ours and runs: looks and tells. `failedCameraIds`: as the session was written down. */
  run(failedCameraIds: readonly number[]): void {
    this.#isRunning = true;
    this.tellMissed(failedCameraIds);
    for (const scan of this.#scans) scan.start(this.#over.signal);
    this.#sender.start();
  }

  /** Goes on with what another replica began. */
  resume(failedCameraIds: readonly number[]): void {
    for (const { planned, camera } of this.#scans) {
      camera.resume(failedCameraIds.includes(planned.id) ? 'DEAD' : 'RECONNECTING');
    }
    this.run(failedCameraIds);
  }

  live(): LiveCamera[] {
    return this.#scans.map((scan) => scan.live());
  }

  cameras(state: CameraState): number {
    return this.#scans.filter(({ camera }) => camera.state === state).length;
  }

  /** Cameras off; what is still to be told is, for a while. Resolves when it is. */
  async farewell(): Promise<void> {
    await this.stopLooking();
    await this.#sender.farewell();
  }

  /** Resolves when nothing of it runs any more. `graceMs`: for a callback that is on its way. */
  async halt(graceMs = 0): Promise<void> {
    await Promise.all([this.stopLooking(), this.#sender.stop(graceMs)]);
  }

  /** Looks at nothing any more; what is to be told is, as far as the backend takes it within `ms`. Resolves when nothing runs. */
  async leave(ms: number): Promise<void> {
    await this.stopLooking();
    await this.#sender.leave(ms);
  }

  private async stopLooking(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#scans.map((scan) => scan.stop()));
    await this.#changes;
  }

  private scan(planned: PlannedCamera, matcher: FaceMatcher): ScanCamera {
    const { desk, clock, engine, slots, metrics, log } = this.parts;
    const { plan } = this.session;
    const events = {
      onFrame: () => scan.bell.ring(),
      onState: (state: CameraState, reason: string | null) => this.cameraChanged(planned, state, reason),
    };
    const camera = new Camera(planned.rtspUrl, desk, this.settings.camera, events, clock);
    const scan: ScanCamera = new ScanCamera(planned, camera, {
      engine,
      slots,
      matcher,
      students: plan.students,
      requireLiveness: plan.requireLiveness,
      maxAgeMs: plan.scanIntervalMs * 2,
      onFound: (found) => this.found(found),
      metrics,
      clock,
      log,
    });
    return scan;
  }

  private async found({ cameraId, look, student, confidence, face, frame }: Found): Promise<void> {
    const { session, parts } = this;
    const { userId, rollNumber } = session.plan.students[student]!;
    if (this.#recognised.has(userId) || !this.#sightings.found(cameraId, look, student)) return;
    const jpeg = await takeEvidence(frame, face.box, this.settings.evidence);
    const file = evidenceFile(userId, rollNumber, session.callbackType);
    const evidenceUrl = parts.urls.forCallback(session.slotId, file);
    const at = new Date(parts.clock.now());
    try {
      const outcome = await parts.store.recognise(session, {
        userId,
        confidence,
        cameraId,
        at,
        evidenceUrl,
        file,
        jpeg,
      });
      if (outcome === 'lost') return this.onEnd('LOST');
      this.#recognised.add(userId);
      if (outcome === 'known') return;
      parts.metrics.recognised();
      this.#sender.wake();
    } catch (error) {
      if (!isTransient(error)) throw error;
      // Whoever is still there is found again in the next look.
      parts.log.warn({ err: error, sessionId: session.id }, 'a recognition could not be written down yet');
    }
  }

  /** A camera may have died, or come, while others were still being tried. */
  private tellMissed(failedCameraIds: readonly number[]): void {
    for (const { planned, camera } of this.#scans) {
      const wasFailed = failedCameraIds.includes(planned.id);
      const isMissed = wasFailed ? camera.state === 'ACTIVE' : camera.state === 'DEAD';
      if (isMissed) this.cameraChanged(planned, camera.state, camera.failure);
    }
  }

  /** One change after another, in the order they came. */
  private cameraChanged(planned: PlannedCamera, state: CameraState, reason: string | null): void {
    const { session, parts } = this;
    parts.metrics.cameraChanged(state);
    parts.log.info({ slotId: session.slotId, cameraId: planned.id, state, reason }, 'camera');
    if (state === 'RECONNECTING' || !this.#isRunning) return;
    this.#changes = this.#changes
      .then(() => this.tell(planned, state, reason))
      .catch((error: unknown) => parts.log.error({ err: error }, 'a change of a camera could not be told'));
  }

  private async tell(planned: PlannedCamera, state: 'ACTIVE' | 'DEAD', reason: string | null): Promise<void> {
    const { session, parts } = this;
    const change = { cameraId: planned.id, cameraName: planned.name, state, reason };
    const at = new Date(parts.clock.now());
    while (!this.#over.signal.aborted) {
      try {
        const outcome = await parts.store.cameraChanged(session, change, at, this.settings.farewellMs);
        if (outcome === 'lost') return this.onEnd('LOST');
        this.#sender.wake();
        if (outcome === 'last') this.onEnd('ALL_CAMERAS_FAILED');
        return;
      } catch (error) {
        if (!isTransient(error)) throw error;
        parts.log.warn({ err: error, sessionId: session.id }, 'a change of a camera waits for the database');
        await pause(this.settings.sender.lookMs, this.#over.signal);
      }
    }
  }
}
