import { NotJson } from './not-json';
import { JsonScan, type ScanLimits, type ValueKind } from './json-scan';
import type { SpanList } from './span-list';

/** A signed message of one side for the other, as it was received. */
export interface SessionMessage {
  readonly type: 'session_message';
  readonly sessionId: string;
  readonly seq: number;
  /** As spelled in the message: what was signed. */
  readonly seqText: string;
  readonly timestampText: string;
  /** Hex, 64 digits. */
  readonly hmac: string;
  /** The payload's canonical form over `bytes`. */
  readonly payload: SpanList;
  readonly bytes: Buffer;
}

export type Frame =
  | SessionMessage
  | { readonly type: 'heartbeat' }
  | { readonly type: 'end_session'; readonly reason: string }
  | { readonly type: 'hardware_register'; readonly platformId: string; readonly imageBase64: string };

interface Span {
  readonly kind: ValueKind;
  readonly at: number;
  readonly end: number;
}

type Fields = Map<string, Span>;

const NAMES = new Set(['type', 'reason', 'platform_id', 'image_base64']);
const PARTS = new Set(['session_id', 'seq', 'timestamp', 'hmac']);
const DEFAULT_REASON = 'manual';
const REASON = /^[^\p{Cc}\p{Cs}]{1,128}$/u;
const PLATFORM_ID = /^[^\p{Cc}]{1,256}$/u;
const SEQ = /^[1-9]\d{0,15}$/;
const HMAC = /^[0-9a-f]{64}$/i;
const MAX_SESSION_ID = 128;
const MAX_NUMBER = 32;

/** Reads one text frame; throws NotJson when it is not one of ours. The bytes are UTF-8, which the socket has checked. */
export function readFrame(bytes: Buffer, limits: ScanLimits): Frame {
  const scan = new JsonScan(bytes, limits);
  const fields: Fields = new Map();
  const envelope: Fields = new Map();
  scan.space();
  if (scan.kind() !== 'object') throw new NotJson('not an object');
  scan.object(1, (key) => {
    const at = scan.pos;
    const kind = scan.kind();
    if (key === 'envelope' && kind === 'object') readEnvelope(scan, envelope);
    else scan.value(2);
    if (NAMES.has(key)) fields.set(key, { kind, at, end: scan.pos });
  });
  scan.end();
  return frameOf(scan, fields, envelope);
}

function readEnvelope(scan: JsonScan, envelope: Fields): void {
  scan.object(2, (key) => {
    const at = scan.pos;
    const kind = scan.kind();
    if (key === 'payload' && kind === 'object') {
      scan.record();
      scan.value(3);
      scan.stop();
      envelope.set(key, { kind, at, end: scan.pos });
      return;
    }
    scan.value(3);
    if (PARTS.has(key)) envelope.set(key, { kind, at, end: scan.pos });
  });
}

function frameOf(scan: JsonScan, fields: Fields, envelope: Fields): Frame {
  const { bytes } = scan;
  const type = stringOf(bytes, fields.get('type'), 'type', 64);
  switch (type) {
    case 'heartbeat':
      return { type };
    case 'session_message':
      return messageOf(scan, envelope);
    case 'end_session':
      return { type, reason: reasonOf(bytes, fields.get('reason')) };
    case 'hardware_register': {
      const platformId = stringOf(bytes, fields.get('platform_id'), 'platform_id', 1_024);
      if (!PLATFORM_ID.test(platformId)) throw new NotJson('platform_id is not a short text');
      return {
        type,
        platformId,
        imageBase64: stringOf(bytes, fields.get('image_base64'), 'image_base64', bytes.length),
      };
    }
    default:
      throw new NotJson('no such type');
  }
}

function messageOf(scan: JsonScan, envelope: Fields): SessionMessage {
  const { bytes } = scan;
  if (!envelope.has('payload')) throw new NotJson('payload is not an object');
  const seqText = numberOf(bytes, envelope.get('seq'), 'seq');
  const seq = Number(seqText);
  // A number that JavaScript rounds would be another one.
  if (!SEQ.test(seqText) || !Number.isSafeInteger(seq)) throw new NotJson('seq is not a whole number from 1');
  const hmac = stringOf(bytes, envelope.get('hmac'), 'hmac', 256);
  if (!HMAC.test(hmac)) throw new NotJson('hmac is not 64 hexadecimal digits');
  return {
    type: 'session_message',
    sessionId: stringOf(bytes, envelope.get('session_id'), 'session_id', MAX_SESSION_ID),
    seq,
    seqText,
    timestampText: numberOf(bytes, envelope.get('timestamp'), 'timestamp'),
    hmac,
    payload: scan.spans,
    bytes,
  };
}

function reasonOf(bytes: Buffer, span: Span | undefined): string {
  if (span === undefined) return DEFAULT_REASON;
  // A client without a reason may well say so.
  if (span.kind === 'literal' && bytes[span.at] === 'n'.charCodeAt(0)) return DEFAULT_REASON;
  const reason = stringOf(bytes, span, 'reason', 1_024);
  if (!REASON.test(reason)) throw new NotJson('reason is not a short text');
  return reason;
}

function stringOf(bytes: Buffer, span: Span | undefined, name: string, maxBytes: number): string {
  if (span?.kind !== 'string' || span.end - span.at > maxBytes + 2)
    throw new NotJson(`${name} is not a string`);
  return JSON.parse(bytes.toString('utf8', span.at, span.end)) as string;
}

function numberOf(bytes: Buffer, span: Span | undefined, name: string): string {
  if (span?.kind !== 'number' || span.end - span.at > MAX_NUMBER)
    throw new NotJson(`${name} is not a number`);
  return bytes.toString('latin1', span.at, span.end);
}
