import { frameOf, type Frame } from './frame';
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

/** `text`: one byte a character. Undefined for data URLs that are not base64. */
function payloadOf(text: Buffer): Buffer | undefined {
  if (!/^data:/i.test(text.toString('latin1', 0, 5))) return text;
  const prefix = DATA_PREFIX.exec(text.toString('latin1', 0, LONGEST_PREFIX));
  if (prefix === null || !/;base64$/i.test(prefix[2] ?? '')) return undefined;
  return text.subarray(prefix[0].length);
}

function bytesIn(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}

interface Decoded {
  readonly picture: Buffer;
  /** The text is what encoding the picture would give. */
  readonly asIs: boolean;
}

/**
 * Node skips what is not base64 instead of refusing it, so what came out is compared with what should have: a scan of
 * the text itself costs more than its decoding, and is kept for texts with line breaks in them.
 */
function decodeBase64(payload: Buffer): Decoded | undefined {
  const text = payload.toString('latin1');
  const picture = Buffer.from(text, 'base64');
  if (picture.length === bytesIn(text) && text.length % 4 !== 1) {
    const asIs = text.length % 4 === 0 && !payload.includes('-') && !payload.includes('_');
    return { picture, asIs };
  }
  const joined = text.replace(/[\r\n\t ]+/g, '');
  if (!BASE64.test(joined) || joined.replace(/=+$/, '').length % 4 === 1) return undefined;
  const again = Buffer.from(joined, 'base64');
  return again.length === bytesIn(joined) ? { picture: again, asIs: false } : undefined;
}

/** `text`: one byte a character. */
export function decodeFrame(text: Buffer): Frame | NotAFrame {
  const payload = payloadOf(text);
  const decoded = payload && decodeBase64(payload);
  if (decoded === undefined || decoded.picture.length === 0) return { fault: FORM };
  const { picture, asIs } = decoded;
  const kind = imageKind(picture);
  if (kind === undefined) return { fault: FORM };
  return frameOf(picture, kind, asIs ? payload : undefined);
}

export function isFrame(decoded: Frame | NotAFrame): decoded is Frame {
  return 'base64' in decoded;
}
