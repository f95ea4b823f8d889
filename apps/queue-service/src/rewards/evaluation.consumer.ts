import { Injectable } from '@nestjs/common';
import { visionEvaluationCompleted, type VisionEvaluationCompleted } from '@teleop/contracts';
import { Consumes, Outbox, Poison, type ConsumerContext } from '@teleop/messaging';

const SETTLE = 'SELECT known, settled FROM teleop.settle_evaluation($1, $2, $3, $4)';

/** Books what the cameras saw a session move. */
@Injectable()
export class EvaluationConsumer {
  constructor(private readonly outbox: Outbox<'queue-service'>) {}

  @Consumes(visionEvaluationCompleted, { name: 'settle-evaluation' })
  async settle(event: VisionEvaluationCompleted, { tx }: ConsumerContext): Promise<void> {
    const points = event.status === 'success' ? event.rewardPoints : 0;
    const { known } = await tx.one<{ known: boolean; settled: boolean }>(SETTLE, [
      event.tokenHash,
      event.status,
      points,
      JSON.stringify(event.views),
    ]);
    // The session was opened before the robot could send pictures of it: waiting would not make it appear.
    if (!known) throw new Poison(`no session has the token hash ${event.tokenHash}`);
    setImmediate(() => this.outbox.poke());
  }
}
