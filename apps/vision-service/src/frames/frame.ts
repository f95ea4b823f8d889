import { webcrypto } from 'node:crypto';
import type { ImageKind } from './image-kind';
import type { Side } from '../judging/counts';

/** One picture as it is sent on to the model; the picture itself is not kept beside it. */
export interface Frame {
  readonly kind: ImageKind;
  /** Base64 as bytes: the standard alphabet, padded, without line breaks. */
  readonly base64: Buffer;
  /** Of the picture. */
  readonly sizeBytes: number;
  /** Of the picture, hex. */
  readonly sha256: Promise<string>;
}

export type CameraFrames = Readonly<Record<Side, readonly Frame[]>>;

/** Frames by camera, each side with at least one and at most `MAX_FRAMES`. */
export type MultiViews = ReadonlyMap<string, CameraFrames>;

/** Of a list the first five are used (source). */
export const MAX_FRAMES = 5;

/** `base64`: of the picture, where it is at hand. */
export function frameOf(picture: Buffer, kind: ImageKind, base64 = encoded(picture)): Frame {
  return { kind, base64, sizeBytes: picture.length, sha256: sha256Of(picture) };
}

function encoded(picture: Buffer): Buffer {
  return Buffer.from(picture.toString('base64'), 'latin1');
}

/** Outside the event loop's thread; what is left in it is a copy. */
async function sha256Of(picture: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', picture)).toString('hex');
}
