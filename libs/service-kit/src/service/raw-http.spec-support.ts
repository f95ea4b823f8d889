import { connect } from 'node:net';

/** Sends bytes as they are and returns all that comes back until the other side closes. */
export function rawHttp(url: string, text: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.on('close', () => resolve(answer)).on('error', reject);
    socket.setTimeout(3_000, () => socket.destroy(new Error(`no answer; so far: ${answer}`)));
  });
}
