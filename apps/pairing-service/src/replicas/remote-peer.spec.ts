import fc from 'fast-check';
import { Inbound } from './inbound';
import { RemotePeer } from './remote-peer';
import { ReplicaAbsent, ReplicaSilent } from './replica-errors';
import type { ReplicaMessage, ReplicaReply } from './replica-message';

const options = {
  replica: 'b',
  to: { session: 's', role: 'app' as const },
  chunkBytes: 10,
  windowBytes: 100,
  retryMs: 1,
};

function setup(ask: (message: ReplicaMessage, body: Buffer) => Promise<ReplicaReply>) {
  const seen = { held: [] as boolean[], lost: 0, gone: false };
  const peer = new RemotePeer(options, {
    ask,
    isGone: () => seen.gone,
    lost: () => (seen.lost += 1),
    hold: (held) => seen.held.push(held),
  });
  return { peer, seen };
}

describe('the way to a side on another replica', () => {
  it('brings everything once, in order and whole, though questions and answers are lost', async () => {
    const fate = fc.constantFrom('ok', 'ok', 'ok', 'question lost', 'answer lost', 'absent');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(35), { maxLength: 6 }),
        fc.infiniteStream(fate),
        async (lengths, fates) => {
          const inbound = new Inbound();
          const got: string[] = [];
          const { peer, seen } = setup(async (message, body) => {
            const happens = fates.next().value;
            if (happens === 'question lost') throw new ReplicaSilent();
            if (happens === 'absent') throw new ReplicaAbsent();
            if (message.op !== 'deliver') throw new Error('not a delivery');
            const reply = inbound.take(message, Buffer.from(body), (whole) => got.push(whole.toString()));
            if (happens === 'answer lost') throw new ReplicaSilent();
            return reply;
          });
          const sent = lengths.map((length, i) => `${i}:${'x'.repeat(length)}`);
          for (const [i, text] of sent.entries()) peer.deliver('frame', i + 1, Buffer.from(text));
          peer.end('manual');
          await peer.idle;
          expect(got).toEqual([...sent, 'manual']);
          expect(seen.lost).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('holds the sender back while much is on its way', async () => {
    const waiting: (() => void)[] = [];
    const { peer, seen } = setup(() => new Promise((resolve) => waiting.push(() => resolve({}))));
    for (let i = 1; i <= 12; i += 1) peer.deliver('frame', i, Buffer.alloc(10));
    expect(seen.held).toEqual([true]);
    for (let i = 0; i < 12; i += 1) {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seen.held).toEqual([true, false]);
  });

  it('tells when the other side is not there any more, or its replica is gone', async () => {
    const ended = setup(async () => ({ refused: 'SESSION_GONE' }));
    ended.peer.deliver('frame', 1, Buffer.from('x'));
    await ended.peer.idle;
    expect(ended.seen.lost).toBe(1);

    const dead = setup(async () => {
      dead.seen.gone = true;
      throw new ReplicaAbsent();
    });
    dead.peer.deliver('frame', 1, Buffer.from('x'));
    await dead.peer.idle;
    expect(dead.seen.lost).toBe(1);
  });
});
