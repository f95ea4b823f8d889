import { Inject, Injectable } from '@nestjs/common';
import type { StoppedSession } from '@teleop/contracts';
import { Clock, InjectConfig, Logger, LOGGER, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import { RecognitionMetrics } from '../metrics/recognition-metrics';
import type { SessionRow } from './session';
import { SessionReader } from './session-reader';
import { SessionRunners } from './session-runners';
import { SessionStore } from './session-store';
import { stoppedView } from './session-views';

export function sessionNotFound(slotId: number): ProblemError {
  return new ProblemError(404, 'SESSION_NOT_FOUND', `Slot ${slotId} is not being scanned`);
}

@Injectable()
export class StopSession {
  constructor(
    private readonly store: SessionStore,
    private readonly reader: SessionReader,
    private readonly runners: SessionRunners,
    private readonly metrics: RecognitionMetrics,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RecognitionConfig,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Wherever the session runs: another owner hears of it at its next renewal. Throws ProblemError 404 SESSION_NOT_FOUND. */
  async stop(slotId: number): Promise<StoppedSession> {
    const row = await this.end(slotId);
    if (row === undefined) throw sessionNotFound(slotId);
    this.metrics.stopped('REQUESTED');
    const recognitions = (await this.reader.recognitionsOf([row.id])).get(row.id) ?? [];
    this.log.info({ slotId, sessionId: row.id, recognitions: recognitions.length }, 'session stopped');
    return stoppedView(row, recognitions);
  }

  /** Whom the backend is just being told of shall count. Should the database fail us, the session goes on once its lease lapses. */
  private async end(slotId: number): Promise<SessionRow | undefined> {
    const runner = this.runners.onSlot(slotId);
    await runner?.leave(this.config.CALLBACK_STOP_MS);
    try {
      return await this.store.stop(slotId, new Date(this.clock.now()), 'REQUESTED');
    } finally {
      if (runner !== undefined) await this.runners.drop(runner.session.id);
    }
  }
}
