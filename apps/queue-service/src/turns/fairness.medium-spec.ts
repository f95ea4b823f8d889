import fc from 'fast-check';
import { setupQueue, type QueueSetup } from './queue-rules.spec-support';

/**
 * The bound, on the real rules: however many fast-track joins arrive, and however they are mixed with leaves and turns
 * that end, a waiting user is overtaken at most 6 times a day by any one user.
 */
describe('fairness of the fast track', () => {
  let q: QueueSetup;
  beforeAll(async () => {
    q = await setupQueue();
  });
  afterAll(() => q.close());

  it('lets nobody be overtaken more than 6 times a day by the same user', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom('join', 'join', 'leave', 'end-turn'), fc.nat(3)), {
          minLength: 40,
          maxLength: 120,
        }),
        async (steps) => {
          const robotId = await q.data.robot(`fair${(run += 1)}`);
          const patient = await q.data.users(3, { userClass: 'Amplifier Member' });
          const pushers = await q.data.users(4);
          for (const user of patient) await q.join(user, robotId);
          const overtaken = new Map<string, number>();
          let line = await q.line(robotId);
          for (const [kind, who] of steps) {
            const pusher = pushers[who]!;
            if (kind === 'join') await q.join(pusher, robotId);
            else if (kind === 'leave') await q.leave(pusher, robotId);
            // The last patient one never gets to the front, or the simulation would end there.
            else if (line.length > 1 && line[1] !== patient[2]!.userId)
              await q.turns.disconnect(q.database, robotId, null);
            const next = await q.line(robotId);
            for (const waiting of patient) {
              const before = line.indexOf(waiting.userId);
              if (before < 0 || next.indexOf(waiting.userId) < 0) continue;
              const ahead = new Set(line.slice(0, before));
              for (const passer of next.slice(0, next.indexOf(waiting.userId))) {
                if (ahead.has(passer)) continue;
                const pair = `${passer}>${waiting.userId}`;
                overtaken.set(pair, (overtaken.get(pair) ?? 0) + 1);
              }
            }
            line = next;
          }
          expect(Math.max(0, ...overtaken.values())).toBeLessThanOrEqual(6);
          // Leave no one behind: the next run's users are others, but rows of this one stay live.
          for (const user of [...patient, ...pushers]) await q.leave(user, robotId);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);
});
