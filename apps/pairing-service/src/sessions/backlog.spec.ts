import { Backlog } from './backlog';

describe('what was last sent to a side', () => {
  const entry = (seq: number, bytes = 10) => ({ seq, data: Buffer.alloc(bytes, seq) });

  it('is given again from any number on, notes behind their message', () => {
    const backlog = new Backlog(1_000);
    for (const seq of [1, 2, 2.5, 3]) backlog.push(entry(seq));
    expect(backlog.since(0)?.map(({ seq }) => seq)).toEqual([1, 2, 2.5, 3]);
    expect(backlog.since(2)?.map(({ seq }) => seq)).toEqual([2.5, 3]);
    expect(backlog.since(3)).toEqual([]);
  });

  it('forgets the oldest beyond its room, and says when what is asked for is gone', () => {
    const backlog = new Backlog(25);
    for (const seq of [1, 2, 3]) backlog.push(entry(seq));
    expect(backlog.bytes).toBe(20);
    expect(backlog.since(0)).toBeUndefined();
    expect(backlog.since(1)?.map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it('does not keep the chunk that a small frame came in', () => {
    const backlog = new Backlog(1_000);
    const chunk = Buffer.alloc(64 * 1024, 7);
    backlog.push({ seq: 1, data: chunk.subarray(100, 120) });
    const [kept] = backlog.since(0)!;
    expect((kept!.data as Buffer).buffer.byteLength).toBeLessThan(chunk.length);
    expect(kept!.data).toEqual(Buffer.alloc(20, 7));
  });
});
