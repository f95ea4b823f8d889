import type { ImageKind } from './image-kind';
import type { Side } from '../judging/counts';

/** One picture, decoded from base64 but not from its compression. */
export interface Frame {
  readonly bytes: Buffer;
  readonly kind: ImageKind;
}

export type CameraFrames = Readonly<Record<Side, readonly Frame[]>>;

/** Frames by camera, each side with at least one and at most `MAX_FRAMES`. */
export type MultiViews = ReadonlyMap<string, CameraFrames>;

/** Of a list the first five are used (source). */
export const MAX_FRAMES = 5;
