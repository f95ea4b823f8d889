import { connect } from 'node:net';
import type { WireRequest } from './bad-request';

export interface WireAnswer {
  readonly status: number;
  /** By lower-case name; of duplicates the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const TIMEOUT_MS = 10_000;

/**
 * One request over a connection of its own, byte by byte as given: an HTTP client would refuse, encode or merge half of
 * what has to be sent. Rejects when the connection ends without a whole answer.
 */
export function send(url: string, request: WireRequest, timeoutMs = TIMEOUT_MS): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const socket = connect({ host: hostname, port: Number(port) }, () => socket.write(bytesOf(request, url)));
    const finish = (ended: boolean) => {
      const answer = parseAnswer(received, request.method, ended);
      if (answer === undefined) return false;
      socket.destroy();
      resolve(answer);
      return true;
    };
    const fail = (reason: string) => {
      socket.destroy();
      const start = received.toString('latin1', 0, 200);
      reject(new Error(`${reason}; received ${received.length} bytes: ${start}`));
    };
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part]);
      finish(false);
    });
    socket.on('end', () => finish(true) || fail('the connection ended without an answer'));
    socket.on('error', (error) => finish(true) || fail(error.message));
    socket.setTimeout(timeoutMs, () => fail(`no answer in ${timeoutMs} ms`));
  });
}

function bytesOf({ method, target, headers, body }: WireRequest, url: string): Buffer {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `host: ${new URL(url).host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`content-length: ${body.length}`]),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)]);
}

/** Undefined while there is not a whole answer yet. */
function parseAnswer(bytes: Buffer, method: string, ended: boolean): WireAnswer | undefined {
  const split = bytes.indexOf('\r\n\r\n');
  if (split < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, split).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1]);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const rest = bytes.subarray(split + 4);
  const body = bodyOf(rest, headers, method === 'HEAD' || status === 204 || status === 304, ended);
  return body === undefined ? undefined : { status, headers, body: body.toString('utf8') };
}

function bodyOf(
  bytes: Buffer,
  headers: ReadonlyMap<string, string>,
  empty: boolean,
  ended: boolean,
): Buffer | undefined {
  if (empty) return Buffer.alloc(0);
  if (headers.get('transfer-encoding') === 'chunked') return unchunk(bytes);
  const length = headers.get('content-length');
  if (length === undefined) return ended ? bytes : undefined;
  return bytes.length < Number(length) ? undefined : bytes.subarray(0, Number(length));
}

function unchunk(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (size === 0) return Buffer.concat(parts);
    const start = lineEnd + 2;
    if (bytes.length < start + size + 2) return undefined;
    parts.push(bytes.subarray(start, start + size));
    at = start + size + 2;
  }
}
