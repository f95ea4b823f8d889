import { connect } from 'node:net';
import { startSmall } from './service.spec-support';

const PART = 'x'.repeat(100_000);
const PARTS = 10;

/** Sends 1 MB piece by piece and one more request after it; all that came back until the other side closed. */
function sendSlowly(url: string, chunked: boolean): Promise<string> {
  const { hostname, port } = new URL(url);
  const framing = chunked ? 'transfer-encoding: chunked' : `content-length: ${PART.length * PARTS}`;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let answers = '';
    socket.setEncoding('utf8').on('data', (text: string) => (answers += text));
    socket.on('error', reject).on('close', () => resolve(answers));
    socket.write(`POST /notes HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`);
    const send = (left: number) => {
      if (left > 0) {
        socket.write(chunked ? `${PART.length.toString(16)}\r\n${PART}\r\n` : PART);
        setImmediate(send, left - 1);
        return;
      }
      if (chunked) socket.write('0\r\n\r\n');
      socket.write('GET /notes/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    };
    send(PARTS);
  });
}

describe.each(['fastify', 'express'] as const)('a body that is refused on %s', (platform) => {
  it.each([
    ['a declared', false],
    ['a streamed', true],
  ])(
    'lets a caller that still sends %s length see why, and go on on the same connection',
    async (_, chunked) => {
      const service = await startSmall(platform);
      try {
        for (let time = 0; time < 10; time += 1) {
          expect((await sendSlowly(service.url, chunked)).match(/HTTP\/1\.1 \d+/g)).toEqual([
            'HTTP/1.1 413',
            'HTTP/1.1 200',
          ]);
        }
      } finally {
        await service.close();
      }
    },
  );
});
