import { Injectable } from '@nestjs/common';
import type { TrafficScope } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { grown, scopeOfState } from '../sessions/domain/scope';
import { HOLD_SCOPE, WANT_SCOPE } from '../sessions/sql/keep-recordings.sql';
import type { Said } from './domain/said';
import { sessionAt, type Interval, type TaughtSession } from './domain/taught-robot';
import { INSERT_SAMPLES } from './sql/insert-samples.sql';
import { TAUGHT_SESSIONS } from './sql/taught-sessions.sql';
import { TaughtDrafts } from './taught-drafts';

/** What a robot said, and the session that recorded it. */
export interface Sample {
  readonly said: Said;
  readonly session: TaughtSession;
}

/** The samples that are new, in the order they were said; and how many nobody recorded. */
export interface Written {
  readonly written: readonly Sample[];
  readonly untaught: number;
}

interface SessionRow {
  readonly teach_session_id: string;
  readonly robot_id: string;
  readonly recording: boolean;
  readonly scope_json: TrafficScope;
  readonly recorded: readonly Interval[];
}

interface SampleKey {
  readonly teach_session_id: string;
  readonly teach_sample_id: string;
}

/**
 * Flow B, for many at a time: samples, the steps that were wanted with them and the scope they need in one transaction.
 * Whatever of it came before changes nothing.
 */
@Injectable()
export class SampleWriter {
  constructor(
    private readonly database: Database,
    private readonly drafts: TaughtDrafts,
  ) {}

  async write(batch: readonly Said[]): Promise<Written> {
    const sessions = await this.sessionsOf(batch);
    const samples = batch.flatMap((said) => {
      const session = sessionAt(sessions, said.robotId, said.storedAt);
      return session === undefined ? [] : [{ said, session }];
    });
    const untaught = batch.length - samples.length;
    if (samples.length === 0) return { written: [], untaught };
    const written = await this.database.transaction((tx) => this.writeIn(tx, samples));
    if (written.some(({ said }) => said.payload.intent)) this.drafts.poke();
    return { written, untaught };
  }

  private async sessionsOf(batch: readonly Said[]): Promise<TaughtSession[]> {
    const robots = [...new Set(batch.map(({ robotId }) => robotId))];
    const earliest = Math.min(...batch.map(({ storedAt }) => storedAt));
    const rows = await this.database.query<SessionRow>(TAUGHT_SESSIONS, [robots, earliest]);
    return rows.map((row) => ({
      sessionId: row.teach_session_id,
      robotId: row.robot_id,
      recording: row.recording,
      recorded: row.recorded,
      scope: row.scope_json,
    }));
  }

  private async writeIn(tx: Tx, samples: readonly Sample[]): Promise<Sample[]> {
    const keys = await tx.query<SampleKey>(INSERT_SAMPLES, [JSON.stringify(samples.map(rowOf))]);
    const fresh = new Set(keys.map((key) => `${key.teach_session_id} ${key.teach_sample_id}`));
    // Said twice in one batch: the first one is the sample.
    const written = samples.filter(({ said, session }) =>
      fresh.delete(`${session.sessionId} ${said.sampleId}`),
    );
    for (const session of new Set(written.map((sample) => sample.session))) {
      const said = written.filter((sample) => sample.session === session).map((sample) => sample.said);
      await this.grow(tx, session, said);
      await this.drafts.add(tx, session, said);
    }
    return written;
  }

  /** Its keeper sees what is wanted, and asks traffic for it. */
  private async grow(tx: Tx, session: TaughtSession, said: readonly Said[]): Promise<void> {
    const widened = (scope: TrafficScope) =>
      said.reduce((wanted, { payload }) => grown(wanted, scopeOfState(payload)) ?? wanted, scope);
    if (!session.recording || widened(session.scope) === session.scope) return;
    const held = await tx.maybe<{ scope_json: TrafficScope }>(HOLD_SCOPE, [session.sessionId]);
    if (held === undefined) return;
    const wanted = widened(held.scope_json);
    if (wanted !== held.scope_json) await tx.query(WANT_SCOPE, [session.sessionId, JSON.stringify(wanted)]);
  }
}

function rowOf({ said, session }: Sample): object {
  const { poseX, poseY, headingRad, hoistHeight, telescopeLength, rotationAngleDeg, gripPosition } =
    said.payload;
  return {
    session: session.sessionId,
    id: said.sampleId,
    ts: said.ts,
    seq: said.seq,
    x: poseX,
    y: poseY,
    h: headingRad,
    hoist: hoistHeight,
    tele: telescopeLength,
    rot: rotationAngleDeg,
    grip: gripPosition,
    raw: restOf(said.payload),
  };
}

/** What has no column. */
function restOf({ nodeId, corridor, intent }: Said['payload']): object | null {
  if (!nodeId && !corridor && !intent) return null;
  return { ...(nodeId && { nodeId }), ...(corridor && { corridor }), ...(intent && { intent }) };
}
