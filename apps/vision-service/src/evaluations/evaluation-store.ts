import { Injectable } from '@nestjs/common';
import {
  visionEvaluationCompleted,
  type DollsCompareAnswer,
  type VisionEvaluationAnswer,
} from '@teleop/contracts';
import { Outbox } from '@teleop/messaging';
import { Database } from '@teleop/persistence';
import type { Evaluation, FrameNotes } from './evaluation';
import { FIND_BY_ID } from './sql/find-by-id.sql';
import { FIND_BY_TOKEN } from './sql/find-by-token.sql';
import { FORGET_CLAIMS } from './sql/forget-claims.sql';
import { RELEASE_CLAIM } from './sql/release-claim.sql';
import { RENEW_CLAIM } from './sql/renew-claim.sql';
import { SAVE_EVALUATION } from './sql/save-evaluation.sql';
import { TAKE_UP } from './sql/take-up.sql';

interface StoredRow {
  readonly robot_id: string;
  readonly token_hash: string | null;
  readonly answer: DollsCompareAnswer;
  readonly frames: FrameNotes;
  readonly created_at: Date;
}

interface TakenUp {
  readonly answer: DollsCompareAnswer | null;
  /** Nobody else evaluates this token until the claim lapses. */
  readonly claimed: boolean;
}

/** Schema vision. Every method may be called again after a failure. */
@Injectable()
export class EvaluationStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox<'vision-service'>,
  ) {}

  async find(id: string): Promise<VisionEvaluationAnswer | undefined> {
    const row = await this.database.maybe<StoredRow>(FIND_BY_ID, [id]);
    if (row === undefined) return undefined;
    return {
      ...row.answer,
      robotId: row.robot_id,
      token_hash: row.token_hash,
      frames: row.frames,
      created_at: row.created_at.toISOString(),
    };
  }

  /** The stored answer to this token, or the claim on it. */
  async takeUp(tokenHash: string, holder: string, ms: number): Promise<TakenUp> {
    return this.database.one<TakenUp>(TAKE_UP, [tokenHash, holder, ms]);
  }

  async renew(tokenHash: string, holder: string, ms: number): Promise<void> {
    await this.database.query(RENEW_CLAIM, [tokenHash, holder, ms]);
  }

  async release(tokenHash: string, holder: string): Promise<void> {
    await this.database.query(RELEASE_CLAIM, [tokenHash, holder]);
  }

  async forgetClaims(): Promise<void> {
    await this.database.query(FORGET_CLAIMS);
  }

  /**
   * Stores the evaluation, and with it what queue-service is to settle, and gives up the holder's claim. Returns the answer
   * that counts: of two evaluations of one token that is the first, and only it is announced.
   */
  async save(evaluation: Evaluation, holder: string | undefined): Promise<DollsCompareAnswer> {
    const { id, robotId, tokenHash, answer, frames } = evaluation;
    const saved = await this.database.maybe<{ answer: DollsCompareAnswer }>(SAVE_EVALUATION, [
      id,
      robotId,
      tokenHash ?? null,
      answer.status,
      answer.abnormal,
      answer.reason,
      answer.success_count,
      answer.reward_points,
      answer.model,
      answer.prompt_version,
      answer.usage.cost_usd,
      JSON.stringify(answer),
      JSON.stringify(frames),
      ...this.announcement(evaluation),
      holder ?? null,
    ]);
    this.outbox.poke();
    if (saved !== undefined) return saved.answer;
    // Another has evaluated it, or we have, and lost the connection before we heard of it.
    if (tokenHash === undefined) return answer;
    return (await this.database.one<{ answer: DollsCompareAnswer }>(FIND_BY_TOKEN, [tokenHash])).answer;
  }

  private announcement({ id, robotId, tokenHash, answer }: Evaluation): readonly unknown[] {
    // There is nothing to settle.
    if (tokenHash === undefined) return [null, null, null];
    return this.outbox.row(visionEvaluationCompleted, {
      evaluationId: id,
      robotId,
      tokenHash,
      status: answer.status,
      successCount: answer.success_count,
      rewardPoints: answer.reward_points,
      views: answer.views,
    });
  }
}
