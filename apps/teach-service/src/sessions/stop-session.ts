import { Injectable } from '@nestjs/common';
import { IngestProgress } from '../ingest/ingest-progress';
import { EndSession } from './end-session';
import { sessionUnknown } from './refusals';
import type { SessionRow } from './session-record';
import { SessionStore } from './session-store';

/** Flow C. */
@Injectable()
export class StopSession {
  constructor(
    private readonly store: SessionStore,
    private readonly ending: EndSession,
    private readonly progress: IngestProgress,
  ) {}

  /** What does not record is answered as it is. Else it is over, and what the robot had said by then is written (soon). */
  async run(sessionId: string): Promise<SessionRow> {
    const ended = await this.ending.run(sessionId, null);
    if (ended !== undefined) await this.progress.caughtUp();
    const row = await this.store.find(sessionId);
    if (row === undefined) throw sessionUnknown();
    return row;
  }
}
