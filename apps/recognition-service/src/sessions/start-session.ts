import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ProcessSessionBody, StartedSession } from '@teleop/contracts';
import { Clock, InjectConfig, Logger, LOGGER, ProblemError, Shutdown } from '@teleop/service-kit';
import { AllowList } from '../network/address-rules';
import { HostRefused, HostUnknown, resolveHost } from '../network/resolve-host';
import { CameraDesk } from '../cameras/camera-desk';
import { FfmpegProgram } from '../cameras/ffmpeg';
import type { RecognitionConfig } from '../config';
import { EngineHost } from '../engine-host/engine-host';
import { gatherStudents } from './gather-students';
import type { Session } from './session';
import { startedView } from './session-views';
import type { SessionRunner } from './session-runner';
import { SessionRunners } from './session-runners';
import { SessionStore } from './session-store';

/** A start whose cameras are being tried is renewed by nobody: its lease covers the longest try. */
const START_LEASE_MARGIN_MS = 30_000;

function invalid(path: string, message: string): ProblemError {
  return new ProblemError(400, 'VALIDATION_FAILED', `${path}: ${message}`, { errors: [{ path, message }] });
}

function stopping(): ProblemError {
  return new ProblemError(503, 'SERVICE_UNAVAILABLE', 'This replica is stopping; try again', {
    headers: { 'retry-after': '1' },
  });
}

@Injectable()
export class StartSession {
  readonly #callbackHosts: AllowList;
  #starting = 0;

  constructor(
    @InjectConfig() private readonly config: RecognitionConfig,
    private readonly engines: EngineHost,
    private readonly ffmpeg: FfmpegProgram,
    private readonly desk: CameraDesk,
    private readonly store: SessionStore,
    private readonly runners: SessionRunners,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#callbackHosts = new AllowList(config.CALLBACK_HOSTS, config.HOST_LOOKUP_MS);
  }

  /**
   * Throws ProblemError: 400 VALIDATION_FAILED or EMBEDDING_DIMENSION_MISMATCH, 409 SESSION_ALREADY_EXISTS,
   * 429 TOO_MANY_SESSIONS, 500 ALL_CAMERAS_FAILED, 503 where there is no engine or no ffmpeg.
   */
  async start(body: ProcessSessionBody): Promise<StartedSession> {
    if (this.shutdown.started) throw stopping();
    const session = await this.judge(body);
    if (this.runners.size + this.#starting >= this.config.MAX_SESSIONS) {
      throw new ProblemError(429, 'TOO_MANY_SESSIONS', 'This service scans as many rooms as it may', {
        headers: { 'retry-after': '30' },
      });
    }
    this.#starting += 1;
    try {
      return await this.begin(session);
    } finally {
      this.#starting -= 1;
    }
  }

  private async judge(body: ProcessSessionBody): Promise<Session> {
    const { info } = this.engines.get();
    this.ffmpeg.get();
    this.judgeSizes(body);
    const { students, vectors } = gatherStudents(body.students, info.model.dimension);
    await this.judgeCallbackUrl(body.config.callbackUrl);
    await Promise.all(
      body.cameras.map(({ rtspUrl }, at) => this.desk.judge(rtspUrl, `cameras.${at}.rtspUrl`)),
    );
    const { scanInterval, similarityThreshold, requireLiveness, callbackUrl } = body.config;
    return {
      id: randomUUID(),
      slotId: body.slotId,
      roomId: body.roomId,
      mode: body.mode,
      callbackType: body.callbackType,
      totalStudents: students.length,
      totalCameras: body.cameras.length,
      startedAt: new Date(this.clock.now()),
      plan: {
        students,
        cameras: body.cameras.map(({ id, name, rtspUrl }) => ({ id, name, rtspUrl })),
        scanIntervalMs: Math.round((scanInterval ?? this.config.DEFAULT_SCAN_INTERVAL_MS / 1_000) * 1_000),
        similarityThreshold: similarityThreshold ?? null,
        requireLiveness: requireLiveness ?? false,
        callbackUrl,
      },
      vectors,
    };
  }

  private judgeSizes({ students, cameras }: ProcessSessionBody): void {
    const { MAX_STUDENTS, MAX_CAMERAS } = this.config;
    if (students.length > MAX_STUDENTS) throw invalid('students', `may be ${MAX_STUDENTS} at most`);
    if (cameras.length > MAX_CAMERAS) throw invalid('cameras', `may be ${MAX_CAMERAS} at most`);
    const ids = new Set<number>();
    for (const [at, { id }] of cameras.entries()) {
      if (ids.has(id)) throw invalid(`cameras.${at}.id`, 'is that of another camera as well');
      ids.add(id);
    }
  }

  private async judgeCallbackUrl(text: string): Promise<void> {
    const path = 'config.callbackUrl';
    if (!URL.canParse(text)) throw invalid(path, 'must be a URL');
    const url = new URL(text);
    if (!/^https?:$/.test(url.protocol)) throw invalid(path, 'must begin with http:// or https://');
    if (url.username !== '' || url.password !== '')
      throw invalid(path, 'must have no credentials; X-API-Key is sent');
    try {
      await resolveHost(url.hostname, this.#callbackHosts);
    } catch (error) {
      if (error instanceof HostRefused) throw invalid(path, error.message);
      // A backend that cannot be found now is one that is away: callbacks wait for it.
      if (!(error instanceof HostUnknown)) throw error;
    }
  }

  private async begin(session: Session): Promise<StartedSession> {
    const { CAMERA_START_TIMEOUT_MS, SESSION_LEASE_MS } = this.config;
    if (!(await this.store.begin(session, CAMERA_START_TIMEOUT_MS + START_LEASE_MARGIN_MS))) {
      throw new ProblemError(
        409,
        'SESSION_ALREADY_EXISTS',
        `Slot ${session.slotId} is being scanned already`,
      );
    }
    let runner: SessionRunner | undefined;
    try {
      runner = this.runners.make(session);
      const failed = await runner.connect();
      if (failed.length === session.totalCameras) {
        throw new ProblemError(500, 'ALL_CAMERAS_FAILED', 'No camera of the session could be connected');
      }
      // It would begin with nobody to look after it: its cameras are let go, and another replica is asked.
      if (this.shutdown.started) throw stopping();
      if (!(await this.store.run(session, failed, SESSION_LEASE_MS))) {
        throw new ProblemError(503, 'SERVICE_UNAVAILABLE', 'The start took too long; try again');
      }
      this.runners.adopt(runner);
      runner.run(failed);
      const { slotId, id } = session;
      this.log.info(
        { slotId, sessionId: id, cameras: session.totalCameras, failed: failed.length },
        'session started',
      );
      return startedView(session, failed);
    } catch (error) {
      await runner?.halt();
      await this.store.abandon(session.id);
      throw error;
    }
  }
}
