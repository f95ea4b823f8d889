import { createHash, randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import { eventSubject, visionEvaluationCompleted, type VisionEvaluationCompleted } from '@teleop/contracts';
import { waitFor } from '@teleop/testing';
import { setupService } from '../service.spec-support';

describe('a verdict of the cameras', () => {
  it('is booked once per session, however often and under however many ids it comes', async () => {
    const s = await setupService();
    const nats = await connect({ servers: new URL(s.nats.url).host });
    try {
      await s.data.robot('eye');
      const user = await s.data.user();
      await s.as(user, '/queue/join', { robotId: 'eye' });
      const { control_token } = (await s.as(user, '/use_robot', { robotId: 'eye' })).body;
      await s.as(user, '/queue/leave', { robotId: 'eye' });
      const verdict: VisionEvaluationCompleted = {
        evaluationId: randomUUID(),
        robotId: 'eye',
        tokenHash: createHash('sha256').update(control_token).digest('hex'),
        status: 'success',
        successCount: 3,
        rewardPoints: 300,
        views: { cam1: { start: { left: 3, right: 0 }, end: { left: 0, right: 3 } } },
      };
      const manager = await jetstreamManager(nats);
      await waitFor('the stream', async () => (await manager.streams.info('VISION')).config);
      for (const id of ['one', 'one', 'two']) {
        const h = headers();
        h.set('Nats-Msg-Id', id);
        await jetstream(nats).publish(
          eventSubject(visionEvaluationCompleted, verdict),
          JSON.stringify(verdict),
          { headers: h },
        );
      }
      const done = await waitFor('the verdict to be booked', async () => {
        const answer = await s.as(user, '/fetch_tele_op_session_complete_status', {
          controlToken: control_token,
        });
        return answer.body.status === 'not_finished' ? undefined : answer.body;
      });
      expect(done).toMatchObject({ controlled_status: 'success', reward_points: 3300, robot_id: 'eye' });
      expect(JSON.parse(done.controlled_result)).toEqual(verdict.views);
      await waitFor('both messages to be taken', async () => {
        const info = await manager.consumers.info('VISION', 'queue-service__settle-evaluation');
        return info.num_pending === 0 && info.num_ack_pending === 0;
      });
      const ledger = await s.data.rows(
        'SELECT points_change, transaction_type FROM teleop.point_transactions WHERE user_id = $1 ORDER BY id',
        [user.userId],
      );
      expect(ledger).toEqual([
        { points_change: 3000, transaction_type: 'first_time_tele_op' },
        { points_change: 300, transaction_type: 'dolls_compare_reward' },
      ]);
      expect(await s.data.violations()).toEqual([]);
    } finally {
      await nats.close();
      await s.close();
    }
  });
});
