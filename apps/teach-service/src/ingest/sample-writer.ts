import { Injectable } from '@nestjs/common';
import type { TrafficScope } from '@teleop/contracts';
import type { Tx } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import { grown, joined, scopeOfState } from '../sessions/domain/scope';
import { HOLD_SCOPE, WANT_SCOPE } from '../sessions/sql/keep-recordings.sql';
import type { Said } from './domain/said';
import { rowOf } from './domain/sample-row';
import type { TaughtSession } from './domain/taught-robot';
import { INSERT_SAMPLES } from './sql/insert-samples.sql';
import { TaughtDrafts } from './taught-drafts';

/** What a robot said, and the session that recorded it. */
export interface Sample {
  readonly said: Said;
  readonly session: TaughtSession;
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

  /** Those that are new, in the order they were said. */
  async write(samples: readonly Sample[]): Promise<Sample[]> {
    if (samples.length === 0) return [];
    // Almost always: one statement, and one trip to the database.
    if (!samples.some(meansMore)) return this.insert(this.database, samples);
    const written = await this.database.transaction(async (tx) => {
      const fresh = await this.insert(tx, samples);
      for (const [session, said] of bySession(fresh)) {
        await this.grow(tx, session, said);
        await this.drafts.add(tx, session, said);
      }
      return fresh;
    });
    this.drafts.poke();
    return written;
  }

  private async insert(tx: Tx, samples: readonly Sample[]): Promise<Sample[]> {
    const rows = samples.map(({ said, session }) => rowOf(said, session.sessionId));
    const keys = await tx.query<SampleKey>(INSERT_SAMPLES, [JSON.stringify(rows)]);
    if (keys.length === samples.length) return [...samples];
    const fresh = new Set(keys.map((key) => `${key.teach_session_id} ${key.teach_sample_id}`));
    // Said twice in one batch: the first one is the sample.
    return samples.filter(({ said, session }) => fresh.delete(`${session.sessionId} ${said.sampleId}`));
  }

  /** Its keeper sees what is wanted, and asks traffic for it. */
  private async grow(tx: Tx, session: TaughtSession, said: readonly Said[]): Promise<void> {
    if (!session.recording) return;
    const led = joined(...said.map(({ payload }) => scopeOfState(payload)));
    if (grown(session.scope, led) === undefined) return;
    const held = await tx.maybe<{ scope_json: TrafficScope }>(HOLD_SCOPE, [session.sessionId]);
    const wanted = held && grown(held.scope_json, led);
    if (wanted !== undefined) await tx.query(WANT_SCOPE, [session.sessionId, JSON.stringify(wanted)]);
  }
}

/** A step that is wanted, or a place that is not locked yet. */
function meansMore({ said, session }: Sample): boolean {
  const { payload } = said;
  if (payload.intent) return true;
  if (!session.recording || (!payload.nodeId && !payload.corridor)) return false;
  return grown(session.scope, scopeOfState(payload)) !== undefined;
}

function bySession(samples: readonly Sample[]): Map<TaughtSession, Said[]> {
  const grouped = new Map<TaughtSession, Said[]>();
  for (const { session, said } of samples) {
    const group = grouped.get(session);
    if (group === undefined) grouped.set(session, [said]);
    else group.push(said);
  }
  return grouped;
}
