import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { secp256k1 } from '@noble/curves/secp256k1';
import { keccak_256 } from '@noble/hashes/sha3';
import { waitFor } from '@teleop/testing';
import WebSocket from 'ws';

// On a busy machine 8 MiB take their time.
const PATIENCE = { timeoutMs: 40_000 };

export interface Refused {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export type Json = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A client's socket that remembers what it was sent and how it was closed. */
export class Peer {
  readonly texts: string[] = [];
  closed: { readonly code: number; readonly reason: string; readonly at: number } | undefined;

  constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer, binary) => this.texts.push(binary ? '<binary>' : data.toString()));
    ws.on(
      'close',
      (code, reason) => (this.closed = { code, reason: reason.toString(), at: performance.now() }),
    );
    ws.on('error', () => undefined);
  }

  send(data: object | string | Buffer): void {
    this.ws.send(typeof data === 'object' && !Buffer.isBuffer(data) ? JSON.stringify(data) : data);
  }

  frames(type?: string): Json[] {
    const all = this.texts.map((text) => JSON.parse(text) as Json);
    return type === undefined ? all : all.filter((frame) => frame['type'] === type);
  }

  /** The `n`-th frame of a type, from 1. */
  got(type: string, n = 1): Promise<Json> {
    return waitFor(`frame ${n} of type ${type}`, () => this.frames(type)[n - 1], PATIENCE);
  }

  gotText(text: string): Promise<string> {
    return waitFor('a text to arrive unchanged', () => this.texts.find((own) => own === text), PATIENCE);
  }

  wasClosed(): Promise<NonNullable<Peer['closed']>> {
    return waitFor('the socket to be closed', () => this.closed, PATIENCE);
  }
}

/** Resolves with the open socket, or with the HTTP answer that refused it. */
export async function open(url: string, headers: Record<string, string> = {}): Promise<Peer | Refused> {
  const ws = new WebSocket(url.replace(/^http/, 'ws'), {
    headers,
    perMessageDeflate: false,
    maxPayload: 64 << 20,
  });
  const peer = new Peer(ws);
  const refused = new Promise<Refused>((resolve) => {
    ws.on('unexpected-response', (_request, response: IncomingMessage) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
  });
  const opened = once(ws, 'open').then(() => peer);
  // Lost when the handshake is refused: the refusal is the answer then.
  opened.catch(() => undefined);
  return Promise.race([opened, refused]);
}

export async function openPeer(url: string, headers: Record<string, string> = {}): Promise<Peer> {
  const answer = await open(url, headers);
  if (!(answer instanceof Peer)) throw new Error(`refused: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer;
}

export async function openRefused(url: string, headers: Record<string, string> = {}): Promise<Refused> {
  const answer = await open(url, headers);
  if (answer instanceof Peer) throw new Error('let in');
  return answer;
}

/** A kiosk's key. */
export class EvmKey {
  readonly secret = secp256k1.utils.randomSecretKey();
  readonly address: string;

  constructor() {
    const point = secp256k1.getPublicKey(this.secret, false).subarray(1);
    this.address = `0x${Buffer.from(keccak_256(point).subarray(-20)).toString('hex')}`;
  }

  /** EIP-191 personal-sign, r s v as eth_account writes it: without 0x, v 27 or 28. */
  sign(message: string, vBase = 27): string {
    const bytes = Buffer.from(message);
    const head = Buffer.from(`\x19Ethereum Signed Message:\n${bytes.length}`);
    const signature = secp256k1.sign(keccak_256(Buffer.concat([head, bytes])), this.secret);
    return `${signature.toCompactHex()}${(vBase + signature.recovery).toString(16).padStart(2, '0')}`;
  }
}

export interface Session {
  readonly sessionId: string;
  readonly sessionKey: string;
}

export interface MessageParts extends Session {
  readonly seq: number | string;
  readonly timestamp?: number | string;
  /** JSON text of the payload as it is sent. */
  readonly payload: string;
  /** What is signed, when it is not the payload as it is sent. */
  readonly canonical?: string;
}

export function hmacOf({ sessionId, sessionKey, seq, timestamp, payload, canonical }: MessageParts): string {
  return createHmac('sha256', Buffer.from(sessionKey, 'base64'))
    .update(`${sessionId}${seq}${timestamp ?? 1_700_000_000_000}${canonical ?? payload}`)
    .digest('hex');
}

/** A session_message as text. */
export function messageText(parts: MessageParts, hmac = hmacOf(parts)): string {
  const { sessionId, seq, timestamp = 1_700_000_000_000, payload } = parts;
  return `{"type": "session_message", "envelope": {"session_id": "${sessionId}", "seq": ${seq}, "timestamp": ${timestamp}, "payload": ${payload}, "hmac": "${hmac}"}}`;
}
