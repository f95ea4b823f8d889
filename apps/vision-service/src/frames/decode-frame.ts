import type { Frame } from './frame';
import { imageKind } from './image-kind';

/** Why a text is no frame, as a sentence without its subject. */
export interface NotAFrame {
  readonly fault: string;
}

const DATA_PREFIX = /^data:([^,;]*)((?:;[^,;]*)*),/i;
const LONGEST_PREFIX = 256;
const FORM = 'must be the base64 of a JPEG, PNG or WebP image, with or without a data: prefix';
/** In both alphabets; at most two = and only at the end. */
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

function payloadOf(text: string): string | undefined {
  if (!/^data:/i.test(text.slice(0, 5))) return text;
  const prefix = DATA_PREFIX.exec(text.slice(0, LONGEST_PREFIX));
  if (prefix === null || !/;base64$/i.test(prefix[2] ?? '')) return undefined;
  return text.slice(prefix[0].length);
}

function bytesIn(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

/**
 * Node skips what is not base64 instead of refusing it, so what came out is compared with what should have: a scan of
 * the text itself costs more than its decoding, and is kept for texts with line breaks in them.
 */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === bytesIn(text) && text.length % 4 !== 1) return bytes;
  const joined = text.replace(/[\r\n\t ]+/g, '');
  if (!BASE64.test(joined) || joined.replace(/=+$/, '').length % 4 === 1) return undefined;
  const again = Buffer.from(joined, 'base64');
  return again.length === bytesIn(joined) ? again : undefined;
}

export function decodeFrame(text: string): Frame | NotAFrame {
  const payload = payloadOf(text);
  const bytes = payload === undefined ? undefined : decodeBase64(payload);
  if (bytes === undefined || bytes.length === 0) return { fault: FORM };
  const kind = imageKind(bytes);
  return kind === undefined ? { fault: FORM } : { bytes, kind };
}

export function isFrame(decoded: Frame | NotAFrame): decoded is Frame {
  return 'bytes' in decoded;
}
