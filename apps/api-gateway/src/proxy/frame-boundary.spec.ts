import fc from 'fast-check';
import { closeFrame, FrameBoundary } from './frame-boundary';

const ACCEPTED = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');

function frame(payload: Buffer, masked: boolean): Buffer {
  const mask = masked ? 0x80 : 0;
  const { length } = payload;
  const size =
    length < 126
      ? Buffer.from([mask | length])
      : length < 65_536
        ? Buffer.from([mask | 126, length >> 8, length & 255])
        : Buffer.from([
            mask | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 255,
            (length >> 8) & 255,
            length & 255,
          ]);
  return Buffer.concat([
    Buffer.from([0x82]),
    size,
    masked ? Buffer.from([1, 2, 3, 4]) : Buffer.alloc(0),
    payload,
  ]);
}

describe('the boundary between WebSocket frames', () => {
  it('is found however the stream is cut into pieces', () => {
    const frames = fc.array(fc.tuple(fc.integer({ min: 0, max: 70_000 }), fc.boolean()), { maxLength: 5 });
    const cuts = fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(frames, cuts, (sizes, steps) => {
        const parts = sizes.map(([size, masked]) => frame(Buffer.alloc(size, 0xff), masked));
        const ends = new Set([ACCEPTED.length]);
        let end = ACCEPTED.length;
        for (const part of parts) ends.add((end += part.length));
        const stream = Buffer.concat([ACCEPTED, ...parts]);
        const boundary = new FrameBoundary();
        for (let at = 0, i = 0; at < stream.length; i += 1) {
          const next = Math.min(stream.length, at + (steps[i % steps.length] as number));
          boundary.push(stream.subarray(at, next));
          at = next;
          if (boundary.atBoundary !== ends.has(at)) return false;
        }
        return boundary.atBoundary && boundary.status === 101;
      }),
      { numRuns: 200 },
    );
  });

  it('is never there byte by byte inside a frame', () => {
    const boundary = new FrameBoundary();
    boundary.push(ACCEPTED);
    const bytes = frame(Buffer.alloc(300), true);
    for (let i = 0; i < bytes.length - 1; i += 1) {
      boundary.push(bytes.subarray(i, i + 1));
      expect(boundary.atBoundary).toBe(false);
    }
    boundary.push(bytes.subarray(-1));
    expect(boundary.atBoundary).toBe(true);
  });

  it('is not there on a handshake that was refused', () => {
    const boundary = new FrameBoundary();
    boundary.push(Buffer.from('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'));
    expect(boundary.status).toBe(401);
    expect(boundary.atBoundary).toBe(false);
  });

  it('gives up on a service that does not speak HTTP, without keeping what it sends', () => {
    const boundary = new FrameBoundary();
    for (let i = 0; i < 100; i += 1) boundary.push(Buffer.alloc(1_000, 0x41));
    expect(boundary.status).toBe(0);
    expect(boundary.atBoundary).toBe(false);
  });

  it('makes close frames as a server does', () => {
    expect([...closeFrame(1012, 'up')]).toEqual([0x88, 4, 0x03, 0xf4, 0x75, 0x70]);
  });
});
