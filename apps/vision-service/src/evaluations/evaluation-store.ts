import { Injectable } from '@nestjs/common';
import {
  visionEvaluationCompleted,
  type DollsCompareAnswer,
  type VisionEvaluationAnswer,
} from '@teleop/contracts';
import { Outbox } from '@teleop/messaging';
import { Database, type Tx } from '@teleop/persistence';
import type { Evaluation, FrameNotes } from './evaluation';
import { CLAIM } from './sql/claim.sql';
import { FIND_BY_ID } from './sql/find-by-id.sql';
import { FIND_BY_TOKEN } from './sql/find-by-token.sql';
import { FORGET_CLAIMS } from './sql/forget-claims.sql';
import { INSERT_EVALUATION } from './sql/insert-evaluation.sql';
import { RELEASE_CLAIM } from './sql/release-claim.sql';

interface StoredRow {
  readonly robot_id: string;
  readonly token_hash: string | null;
  readonly answer: DollsCompareAnswer;
  readonly frames: FrameNotes;
  readonly created_at: Date;
}

/** Schema vision. Every method may be called again after a failure. */
@Injectable()
export class EvaluationStore {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox<'vision-service'>,
  ) {}

  async answerFor(tokenHash: string): Promise<DollsCompareAnswer | undefined> {
    return (await this.database.maybe<{ answer: DollsCompareAnswer }>(FIND_BY_TOKEN, [tokenHash]))?.answer;
  }

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

  /** True: nobody else evaluates this token until the claim lapses. Also renews a claim of one's own. */
  async claim(tokenHash: string, holder: string, ms: number): Promise<boolean> {
    return (await this.database.query(CLAIM, [tokenHash, holder, ms])).length > 0;
  }

  async release(tokenHash: string, holder: string): Promise<void> {
    await this.database.query(RELEASE_CLAIM, [tokenHash, holder]);
  }

  async forgetClaims(): Promise<void> {
    await this.database.query(FORGET_CLAIMS);
  }

  /**
   * Stores the evaluation, and with it what queue-service is to settle. Returns the answer that counts: of two evaluations
   * of one token that is the first, and only it is announced.
   */
  async save(evaluation: Evaluation): Promise<DollsCompareAnswer> {
    const stored = await this.database.transaction(async (tx) => {
      if ((await insert(tx, evaluation)) && evaluation.tokenHash !== undefined) {
        await this.announce(tx, evaluation, evaluation.tokenHash);
      }
      if (evaluation.tokenHash === undefined) return evaluation.answer;
      return (await tx.one<{ answer: DollsCompareAnswer }>(FIND_BY_TOKEN, [evaluation.tokenHash])).answer;
    });
    this.outbox.poke();
    return stored;
  }

  private async announce(tx: Tx, { id, robotId, answer }: Evaluation, tokenHash: string): Promise<void> {
    await this.outbox.append(tx, visionEvaluationCompleted, {
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

async function insert(tx: Tx, { id, robotId, tokenHash, answer, frames }: Evaluation): Promise<boolean> {
  const rows = await tx.query(INSERT_EVALUATION, [
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
  ]);
  return rows.length > 0;
}
