import { createHmac, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import path from 'node:path';
import { Writable } from 'node:stream';
import { workspaceRoot } from '@teleop/infra';
import WebSocket from 'ws';
import { serve } from '../workers/serve';

/* What pairing-service does with one large message, against the least that must be done: its HMAC. */

interface Envelope {
  readonly readFrame: (bytes: Buffer, limits: { maxDepth: number; maxMembers: number }) => object;
  readonly verifyMessage: (message: object, key: KeyObject, usual: string) => string | undefined;
}

export interface EnvelopeRates {
  /** Milliseconds a message. */
  readonly bare: number;
  readonly ours: number;
  readonly naive: number;
}

const dist = path.join(workspaceRoot(), 'apps', 'pairing-service', 'dist', 'envelope');
const PAYLOAD_BYTES = 300_000;
const LIMITS = { maxDepth: 512, maxMembers: 100_000 };
const AT_ONCE = 20;

// The compiled service itself: there is no other way to run what is measured.
/* eslint-disable @typescript-eslint/no-require-imports */
const { readFrame } = require(path.join(dist, 'read-frame.js')) as Envelope;
const { verifyMessage } = require(path.join(dist, 'verify-message.js')) as Envelope;
/* eslint-enable @typescript-eslint/no-require-imports */

const key = createSecretKey(randomBytes(32));
const sessionId = '7f1c2a34-1111-4222-8333-444455556666';
const payload = { snapshot_base64: randomBytes((PAYLOAD_BYTES * 3) / 4).toString('base64') };
const signed = Buffer.from(`${sessionId}11700000000000${JSON.stringify(payload)}`);
const hmac = createHmac('sha256', key).update(signed).digest('hex');
// As Python writes it: white space behind colons and commas.
const text = `{"type": "session_message", "envelope": {"session_id": "${sessionId}", "seq": 1, "timestamp": 1700000000000, "payload": {"snapshot_base64": "${payload.snapshot_base64}"}, "hmac": "${hmac}"}}`;
const bytes = Buffer.from(text);

// A WebSocket's own sender over a socket that takes everything: frames are made, nothing waits for a network.
class Nowhere extends Writable {
  override _write(_chunk: Buffer, _encoding: string, done: () => void): void {
    done();
  }
}
interface Sender {
  send(data: Buffer, options: object): void;
}
const { Sender: SenderOf } = WebSocket as unknown as { Sender: new (socket: Writable) => Sender };
const sender = new SenderOf(new Nowhere());

function bare(): void {
  if (createHmac('sha256', key).update(signed).digest('hex') !== hmac) throw new Error('wrong');
}

function ours(): void {
  const message = readFrame(bytes, LIMITS);
  if (verifyMessage(message, key, 'ascii') === undefined) throw new Error('wrong');
  sender.send(bytes, { fin: true, binary: false, compress: false, mask: false });
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, part]) => [name, sorted(part)]),
  );
}

/** Parse, sort, stringify: what most would write. */
function naive(): void {
  const { envelope } = JSON.parse(bytes.toString('utf8')) as { envelope: Record<string, unknown> };
  const canonical = JSON.stringify(sorted(envelope['payload']));
  const text = `${String(envelope['session_id'])}${String(envelope['seq'])}${String(envelope['timestamp'])}${canonical}`;
  if (createHmac('sha256', key).update(text).digest('hex') !== hmac) throw new Error('wrong');
}

/** The three in turn, so that the machine's noise favours none; the best of each is what the machine can do. */
function run({ turns }: { turns: number }): EnvelopeRates {
  const best = { bare: Infinity, ours: Infinity, naive: Infinity };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, work] of Object.entries({ bare, ours, naive })) {
      const began = performance.now();
      for (let i = 0; i < AT_ONCE; i += 1) work();
      const each = (performance.now() - began) / AT_ONCE;
      best[name as keyof EnvelopeRates] = Math.min(best[name as keyof EnvelopeRates], each);
    }
  }
  return best;
}

serve({ run });
