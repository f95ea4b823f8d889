import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { serve } from '../workers/serve';

export interface VisionLoad {
  readonly origin: string;
  readonly internalToken: string;
  /** Bytes of a body, about. */
  readonly bodyBytes: number;
  readonly cameras: number;
  readonly requests: number;
  readonly atOnce: number;
  /** Begins the control tokens: every request has one of its own; undefined: all have the same. */
  readonly tokens?: string;
}

export interface VisionLoadResult {
  /** Milliseconds from the first byte sent to the last one received. */
  readonly ms: readonly number[];
  /** `elapsed_ms` of the answers: reading the body is not in it. */
  readonly evaluatingMs: readonly number[];
  readonly failures: number;
  readonly firstFailure?: string;
}

const SIDES = 2;
const agent = new http.Agent({ keepAlive: true });
const views = new Map<string, Buffer>();

/** JPEGs by their first bytes; nobody here looks further. */
function viewsOf({ bodyBytes, cameras }: VisionLoad): Buffer {
  const key = `${bodyBytes} ${cameras}`;
  const known = views.get(key);
  if (known !== undefined) return known;
  const frameBytes = Math.floor((bodyBytes * 3) / 4 / cameras / SIDES);
  const frame = () => {
    const bytes = randomBytes(frameBytes);
    bytes.set([0xff, 0xd8, 0xff, 0xe0]);
    return [bytes.toString('base64')];
  };
  const entries = Array.from({ length: cameras }, (_, index) => [
    `cam${index + 1}`,
    { start: frame(), end: frame() },
  ]);
  const made = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  views.set(key, made);
  return made;
}

function post(load: VisionLoad, token: string): Promise<{ status: number; text: string; ms: number }> {
  const head = Buffer.from(`{"robotId":"arm1","controlToken":"${token}","views":`);
  const body = [head, viewsOf(load), Buffer.from('}')];
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const request = http.request(`${load.origin}/vision/dolls_compare`, {
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        'content-length': body.reduce((sum, part) => sum + part.length, 0),
        authorization: `Bearer ${load.internalToken}`,
      },
    });
    request.once('error', reject);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const ms = performance.now() - began;
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), ms });
      });
    });
    for (const part of body) request.write(part);
    request.end();
  });
}

async function run(load: VisionLoad): Promise<VisionLoadResult> {
  const result = {
    ms: [] as number[],
    evaluatingMs: [] as number[],
    failures: 0,
    firstFailure: undefined as string | undefined,
  };
  let next = 0;
  const worker = async () => {
    while (next < load.requests) {
      const number = (next += 1);
      const token = load.tokens === undefined ? 'the-same' : `${load.tokens}-${number}`;
      const { status, text, ms } = await post(load, token);
      if (status === 200) {
        result.ms.push(ms);
        const answer = JSON.parse(text) as { elapsed_ms?: number; decodedMs?: number };
        result.evaluatingMs.push(answer.elapsed_ms ?? answer.decodedMs ?? NaN);
      } else {
        result.failures += 1;
        result.firstFailure ??= `${status} ${text.slice(0, 200)}`;
      }
    }
  };
  await Promise.all(Array.from({ length: load.atOnce }, worker));
  return result;
}

serve({ run });
