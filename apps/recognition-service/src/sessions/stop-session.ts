import { Inject, Injectable } from '@nestjs/common';
import type { StoppedSession } from '@teleop/contracts';
import { Clock, Logger, LOGGER, ProblemError } from '@teleop/service-kit';
import { RecognitionMetrics } from '../metrics/recognition-metrics';
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
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Wherever the session runs: its owner hears of it at its next renewal. Throws ProblemError 404 SESSION_NOT_FOUND. */
  async stop(slotId: number): Promise<StoppedSession> {
    const row = await this.store.stop(slotId, new Date(this.clock.now()), 'REQUESTED');
    if (row === undefined) throw sessionNotFound(slotId);
    this.metrics.stopped('REQUESTED');
    await this.runners.drop(row.id);
    const recognitions = (await this.reader.recognitionsOf([row.id])).get(row.id) ?? [];
    this.log.info({ slotId, sessionId: row.id, recognitions: recognitions.length }, 'session stopped');
    return stoppedView(row, recognitions);
  }
}
