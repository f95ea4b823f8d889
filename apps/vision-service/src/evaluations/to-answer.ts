import type { DollsCompareAnswer, VisionAttempt } from '@teleop/contracts';
import type { Attempt } from '../judging/attempt';
import type { Judgement } from '../judging/judge-views';
import { sumUsage } from '../judging/tally';

function attemptAnswer(attempt: Attempt): VisionAttempt {
  const { verdict } = attempt;
  return {
    strategy: attempt.strategy,
    model: attempt.model,
    views: attempt.views,
    moved: attempt.moved,
    abnormal: verdict.abnormal,
    reason: verdict.reason ?? null,
    success_count: verdict.successCount,
    ...(attempt.agreement !== undefined && { agreement: attempt.agreement }),
    elapsed_ms: attempt.elapsedMs,
    usage: attempt.usage,
    ...(attempt.errors.length > 0 && { error: attempt.errors.join('; ') }),
  };
}

export interface AnswerContext {
  readonly evaluationId: string;
  readonly promptVersion: string;
  readonly elapsedMs: number;
}

/** The body of the answer, as it is also stored. */
export function toAnswer(judgement: Judgement, context: AnswerContext): DollsCompareAnswer {
  const { final, status, rewardPoints, attempts } = judgement;
  return {
    success: status === 'success',
    status,
    model: final.model,
    views: final.views,
    success_count: final.verdict.successCount,
    reward_points: rewardPoints,
    attempts: attempts.map(attemptAnswer),
    abnormal: final.verdict.abnormal,
    reason: final.verdict.reason ?? null,
    evaluation_id: context.evaluationId,
    prompt_version: context.promptVersion,
    usage: sumUsage(attempts.map(({ usage }) => usage)),
    elapsed_ms: Math.round(context.elapsedMs),
  };
}
