import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { waitFor, watchHoldUps } from '@teleop/testing';
import WebSocket from 'ws';

export interface Refusal {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Record<string, unknown>;
}

export interface Received {
  readonly data: Buffer;
  readonly binary: boolean;
  /** Monotonic milliseconds. */
  readonly at: number;
}

/** A socket that remembers what it was sent and how it was closed. */
export class Peer {
  readonly received: Received[] = [];
  closed: { readonly code: number; readonly reason: string; readonly at: number } | undefined;

  constructor(readonly ws: WebSocket) {
    watchHoldUps();
    ws.on('message', (data: Buffer, binary) => this.received.push({ data, binary, at: performance.now() }));
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString(), at: performance.now() };
    });
    ws.on('error', () => undefined);
  }

  send(data: object | string | Buffer): void {
    this.ws.send(typeof data === 'object' && !Buffer.isBuffer(data) ? JSON.stringify(data) : data);
  }

  texts(): string[] {
    return this.received.filter(({ binary }) => !binary).map(({ data }) => data.toString());
  }

  frames(): Record<string, unknown>[] {
    return this.texts().map((text) => JSON.parse(text) as Record<string, unknown>);
  }

  stops(): (Record<string, unknown> & { lease: { epoch: number; seq: number } })[] {
    return this.frames().filter(
      (frame) => frame['command'] === 'DRIVE_COMMAND' && frame['linear_velocity'] === 0,
    ) as ReturnType<Peer['stops']>;
  }

  /** When the first stop arrived. */
  stoppedAt(): number | undefined {
    return this.received.find(({ data }) => data.includes('"linear_velocity":0,'))?.at;
  }

  async got(text: string): Promise<Received> {
    return waitFor(`a frame with ${text}`, () => this.received.find(({ data }) => data.includes(text)));
  }

  async wasClosed(): Promise<NonNullable<Peer['closed']>> {
    return waitFor('the socket to be closed', () => this.closed);
  }
}

/** Resolves with the open socket, or with the HTTP answer that refused it. */
export async function open(url: string, headers: Record<string, string> = {}): Promise<Peer | Refusal> {
  const ws = new WebSocket(url.replace(/^http/, 'ws'), { headers, perMessageDeflate: false });
  const peer = new Peer(ws);
  const refused = new Promise<Refusal>((resolve) => {
    ws.on('unexpected-response', (_request, response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          contentType: response.headers['content-type'],
          body: JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>,
        }),
      );
    });
  });
  const opened = once(ws, 'open').then(() => peer);
  // Lost when the handshake is refused: the refusal is the answer then.
  opened.catch(() => undefined);
  return Promise.race([opened, refused]);
}

export function isPeer(answer: Peer | Refusal): answer is Peer {
  return answer instanceof Peer;
}

export async function openPeer(url: string, headers: Record<string, string> = {}): Promise<Peer> {
  const answer = await open(url, headers);
  if (!isPeer(answer)) throw new Error(`refused: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

export async function openRefused(url: string, headers: Record<string, string> = {}): Promise<Refusal> {
  const answer = await open(url, headers);
  if (isPeer(answer)) throw new Error('let in');
  return answer;
}

/** The wall clock less the monotonic one, in milliseconds, as they are now: over hours they drift apart. */
export const wallClockOffset = (): number => Date.now() - performance.now();

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const DRIVE = { type: 'joint_velocity', joints: [0.5, 0, 0, 0, 0, 0] };
