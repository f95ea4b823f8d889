import { Inject, Injectable } from '@nestjs/common';
import { Outbox, type Tx } from '@teleop/messaging';
import { LOGGER, Logger } from '@teleop/service-kit';
import type { MissionStep } from '../missions/domain/steps';
import { MissionStore } from '../missions/mission-store';
import { DraftMissions } from '../sessions/draft-missions';
import { SessionStore } from '../sessions/session-store';
import type { Said } from './domain/said';
import type { TaughtSession } from './domain/taught-robot';
import { stepOf, withTaught, type Wanted } from './domain/taught-steps';
import { SAMPLE_MOMENTS } from './sql/insert-samples.sql';

interface Moment {
  readonly teach_sample_id: string;
  readonly ts: string;
  readonly stream_seq: string;
}

/** Makes steps of a draft of what operators want while they teach. */
@Injectable()
export class TaughtDrafts {
  constructor(
    private readonly missions: MissionStore,
    private readonly sessions: SessionStore,
    private readonly drafts: DraftMissions,
    private readonly outbox: Outbox<'teach-service'>,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** `said` is new: in the transaction that writes it, so that each wish becomes one step. */
  async add(tx: Tx, { sessionId, robotId }: TaughtSession, said: readonly Said[]): Promise<void> {
    const wishes = said.filter(({ payload }) => payload.intent);
    if (wishes.length === 0) return;
    const row = await this.sessions.hold(tx, sessionId);
    const missionId = await this.drafts.ensure(tx, row);
    if (missionId !== row.draft_mission_id) await this.sessions.setDraft(tx, sessionId, missionId);
    const taught = await this.missions.teach(
      tx,
      missionId,
      (steps) => this.taught(tx, sessionId, steps, wishes),
      robotId,
    );
    if (taught === undefined) this.log.warn({ sessionId, missionId }, 'a draft takes no more steps');
  }

  /** After the commit. */
  poke(): void {
    this.outbox.poke();
  }

  private async taught(
    tx: Tx,
    sessionId: string,
    steps: readonly MissionStep[],
    wishes: readonly Said[],
  ): Promise<readonly MissionStep[]> {
    const ids = [...steps.map(({ stepId }) => stepId), ...wishes.map(({ sampleId }) => sampleId)];
    const moments = await tx.query<Moment>(SAMPLE_MOMENTS, [sessionId, ids]);
    const known = new Map<string, Wanted>(
      moments.map((row) => [row.teach_sample_id, { ts: Number(row.ts), seq: Number(row.stream_seq) }]),
    );
    return wishes.reduce((all, wish) => {
      const step = stepOf(wish);
      if (step === undefined) this.log.warn({ sessionId, stepId: wish.sampleId }, 'a wish is no step');
      return step === undefined ? all : withTaught(all, step, wish, known);
    }, steps);
  }
}
