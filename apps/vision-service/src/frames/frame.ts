import { createHash } from 'node:crypto';
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
  readonly sha256: string;
}

export type CameraFrames = Readonly<Record<Side, readonly Frame[]>>;

/** Frames by camera, each side with at least one and at most `MAX_FRAMES`. */
export type MultiViews = ReadonlyMap<string, CameraFrames>;

/** Of a list the first five are used (source). */
export const MAX_FRAMES = 5;

/** `base64`: of the picture, where it is at hand. */
export function frameOf(picture: Buffer, kind: ImageKind, base64 = encoded(picture)): Frame {
  return {
    kind,
    base64,
    sizeBytes: picture.length,
    sha256: createHash('sha256').update(picture).digest('hex'),
  };
}

function encoded(picture: Buffer): Buffer {
  return Buffer.from(picture.toString('base64'), 'latin1');
}
