import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { CameraState, LiveCamera } from '@teleop/contracts';
import { Clock, InjectConfig, Logger, LOGGER } from '@teleop/service-kit';
import { CallbackStore } from '../callbacks/callback-store';
import { PostCallback } from '../callbacks/post-callback';
import { CameraDesk } from '../cameras/camera-desk';
import type { RecognitionConfig } from '../config';
import { EngineHost } from '../engine-host/engine-host';
import { EngineSlots } from '../engine-host/engine-slots';
import { EvidenceUrls } from '../evidence/evidence-urls';
import { matchRules } from '../matching/match-rules';
import { RecognitionMetrics } from '../metrics/recognition-metrics';
import type { Session, SessionRow } from './session';
import { SessionReader } from './session-reader';
import { SessionRunner, type RunnerEnd, type RunnerSettings } from './session-runner';
import { SessionStore } from './session-store';

const SILENT_INTERVALS = 2.5;

/** The sessions that this replica owns. */
@Injectable()
export class SessionRunners {
  readonly #runners = new Map<string, SessionRunner>();
  readonly #endings = new Set<Promise<void>>();
  #slots: EngineSlots | undefined;

  constructor(
    @InjectConfig() private readonly config: RecognitionConfig,
    private readonly engines: EngineHost,
    private readonly desk: CameraDesk,
    private readonly store: SessionStore,
    private readonly reader: SessionReader,
    private readonly callbacks: CallbackStore,
    private readonly post: PostCallback,
    private readonly urls: EvidenceUrls,
    private readonly metrics: RecognitionMetrics,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    metrics.watch({
      sessions: () => this.#runners.size,
      cameras: (state: CameraState) => this.all().reduce((sum, runner) => sum + runner.cameras(state), 0),
    });
  }

  get size(): number {
    return this.#runners.size;
  }

  all(): SessionRunner[] {
    return [...this.#runners.values()];
  }

  /** Its cameras as they are now, where this replica owns the session. */
  liveOf(id: string): LiveCamera[] | undefined {
    return this.#runners.get(id)?.live();
  }

  /** Not among ours yet: see `adopt`. Throws ProblemError 503 where there is no engine. */
  make(session: Session, recognised: Iterable<number> = []): SessionRunner {
    const engine = this.engines.get();
    this.#slots ??= new EngineSlots(engine.info.threads);
    const { store, desk, urls, metrics, clock, log } = this;
    const sender = { store: this.callbacks, post: this.post, metrics, clock, log };
    return new SessionRunner(
      session,
      recognised,
      this.settingsOf(session, engine.info),
      { engine, slots: this.#slots, desk, store, urls, metrics, clock, log, sender },
      (end) => this.end(session, end),
    );
  }

  /** What this replica runs on a slot. */
  onSlot(slotId: number): SessionRunner | undefined {
    return this.all().find(({ session }) => session.slotId === slotId);
  }

  /** From now on ours, until it ends or is lost. */
  adopt(runner: SessionRunner): void {
    this.#runners.set(runner.session.id, runner);
  }

  /** Goes on with a session of a replica that died. */
  async takeOver(session: Session & SessionRow): Promise<void> {
    if (session.status === 'STOPPED') return this.takeOverFarewell(session);
    const known = (await this.reader.recognitionsOf([session.id])).get(session.id) ?? [];
    const runner = this.make(
      session,
      known.map(({ userId }) => userId),
    );
    this.adopt(runner);
    runner.resume(session.failedCameraIds);
    this.metrics.takenOver();
    this.log.warn(
      { slotId: session.slotId, sessionId: session.id },
      'session taken over from a replica that died',
    );
  }

  /** Stops what runs of a session here, at once or after `graceMs`. Resolves when nothing of it runs any more. */
  async drop(id: string, graceMs = 0): Promise<void> {
    const runner = this.#runners.get(id);
    this.#runners.delete(id);
    await runner?.halt(graceMs);
  }

  /** Everything ends here; the sessions go on elsewhere, and what the backend is just being told need not be told again. */
  async halt(): Promise<void> {
    const { CALLBACK_STOP_MS } = this.config;
    const dropped = this.all().map(({ session }) => this.drop(session.id, CALLBACK_STOP_MS));
    await Promise.all([...dropped, ...this.#endings]);
  }

  private takeOverFarewell(session: Session & SessionRow): void {
    // Nothing is looked at any more, so there is nothing to look for.
    const bare = {
      ...session,
      plan: { ...session.plan, students: [], cameras: [] },
      vectors: new Float32Array(0),
    };
    const runner = this.make(bare);
    this.adopt(runner);
    runner.run(session.failedCameraIds);
    this.later(runner.farewell().then(() => this.forget(session.id)));
  }

  private end(session: Session, end: RunnerEnd): void {
    const { id, slotId } = session;
    this.log.warn({ slotId, sessionId: id, end }, 'session ends');
    if (end === 'LOST') return this.later(this.drop(id));
    this.metrics.stopped(end);
    if (end === 'ALL_CAMERAS_FAILED') {
      const runner = this.#runners.get(id);
      return this.later((runner?.farewell() ?? Promise.resolve()).then(() => this.forget(id)));
    }
    this.later(this.stopped(slotId, end, id).then(() => this.drop(id)));
  }

  /** Its callbacks are sent no more: it must not go on looking because the database was away for a moment. */
  private async stopped(slotId: number, end: RunnerEnd, id: string): Promise<void> {
    while (this.#runners.has(id)) {
      try {
        await this.store.stop(slotId, new Date(this.clock.now()), 'CALLBACKS_FAILED', id);
        return;
      } catch (error) {
        this.log.warn({ err: error, sessionId: id, end }, 'the end of a session waits for the database');
        await sleep(this.config.SESSION_RENEW_MS);
      }
    }
  }

  private forget(id: string): void {
    this.#runners.delete(id);
  }

  /** What ends a session runs beside whatever asked for it, which may itself have to end first. */
  private later(work: Promise<void>): void {
    const ending = work
      .catch((error: unknown) => this.log.error({ err: error }, 'the end of a session failed'))
      .finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }

  private settingsOf({ plan }: Session, info: Parameters<typeof matchRules>[0]): RunnerSettings {
    const { config } = this;
    const { scanIntervalMs, similarityThreshold, requireLiveness } = plan;
    const vectors = plan.students.reduce((sum, student) => sum + student.vectors, 0);
    return {
      camera: {
        intervalMs: scanIntervalMs,
        // The first picture comes at once, however seldom the later ones are wanted.
        startTimeoutMs: config.CAMERA_START_TIMEOUT_MS,
        silenceMs: Math.max(config.CAMERA_SILENCE_MS, scanIntervalMs * SILENT_INTERVALS),
        reconnectTries: config.CAMERA_RECONNECT_TRIES,
        reconnectDelayMs: config.CAMERA_RECONNECT_DELAY_MS,
        reviveMs: config.CAMERA_REVIVE_MS,
      },
      sender: {
        waitsMs: config.callbackWaitsMs,
        lookMs: config.SESSION_RENEW_MS,
        maxFailures: config.CALLBACK_MAX_FAILURES,
        maxFailureMs: config.CALLBACK_MAX_FAILURE_MS,
      },
      evidence: {
        margin: config.EVIDENCE_MARGIN_PX,
        min: config.EVIDENCE_MIN_PX,
        jpegQuality: config.EVIDENCE_JPEG_QUALITY,
      },
      rules: matchRules(info, { vectors, similarityThreshold, requireLiveness }, config),
      scansToCount: config.SCANS_TO_COUNT,
      farewellMs: config.CALLBACK_FAREWELL_MS,
    };
  }
}
