import fc from 'fast-check';
import { RtspGuard, RtspRefused } from './rtsp-guard';

const ok = (body = '') =>
  `RTSP/1.0 200 OK\r\nCSeq: 1\r\n${body && `Content-Length: ${body.length}\r\n`}\r\n${body}`;
const REDIRECT = 'RTSP/1.0 302 Moved\r\nLocation: rtsp://10.0.0.9/x\r\n\r\n';
/** Length and channel of an interleaved packet, and its bytes. */
const packet = (bytes: string) => `$\0${String.fromCharCode(bytes.length >> 8, bytes.length & 255)}${bytes}`;

function passes(text: string, cuts: readonly number[] = []): boolean {
  const guard = new RtspGuard();
  const bytes = Buffer.from(text, 'latin1');
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), 0, bytes.length].sort((a, b) => a - b);
  try {
    for (const [at, from] of places.entries()) guard.take(bytes.subarray(from, places[at + 1]));
    return true;
  } catch (error) {
    if (error instanceof RtspRefused) return false;
    throw error;
  }
}

describe('what an RTSP server sends', () => {
  it.each([
    ['answers', ok() + ok('v=0\r\ns=RTSP/1.0 302\r\n') + ok()],
    ['a challenge', 'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="x"\r\n\r\n' + ok()],
    ['packets between answers', ok() + packet('RTSP/1.0 302 x\r\n\r\n') + packet('') + ok()],
    ['a request of its own', 'OPTIONS rtsp://x RTSP/1.0\r\nCSeq: 3 02\r\n\r\n' + ok()],
  ])('is passed on: %s', (_, text) => {
    expect(passes(text)).toBe(true);
  });

  it.each([
    ['at once', REDIRECT],
    ['after an answer with a body', ok('v=0\r\n') + REDIRECT],
    ['after packets', ok() + packet('x'.repeat(300)) + REDIRECT],
    ['with line ends of its own', 'RTSP/1.0\t 301 x\nLocation: y\n\n'],
    ['hidden behind empty lines', '\r\r\n\n' + REDIRECT],
    [
      'hidden by two lengths',
      'RTSP/1.0 200 OK\r\nContent-Length: 0\r\nContent-Length: 60\r\n\r\n' + REDIRECT,
    ],
    ['hidden by a length that is none', 'RTSP/1.0 200 OK\r\nContent-Length: 0x40\r\n\r\n' + REDIRECT],
    ['behind a line without an end', 'x'.repeat(10_000)],
  ])('is not, where it leads elsewhere %s', (_, text) => {
    expect(passes(text)).toBe(false);
  });

  it('is read alike wherever the network cuts it', () => {
    const part = fc.oneof(
      fc.string({ maxLength: 40 }).map((body) => ok(body.replaceAll(/[^ -~]/g, '.'))),
      fc.string({ maxLength: 400 }).map((bytes) => packet(bytes.replaceAll(/[^ -~]/g, '$'))),
      fc.constant(REDIRECT),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 8 }), (parts, cuts) => {
        expect(passes(parts.join(''), cuts)).toBe(!parts.includes(REDIRECT));
      }),
    );
  });
});
