import sharp from 'sharp';
import type { Box, Frame } from '../engine/engine';
import { cropRegion } from './crop-region';

export interface EvidenceRule {
  readonly margin: number;
  readonly min: number;
  readonly jpegQuality: number;
}

/** The face and what is around it as a JPEG; a picture that is too small is set into a black one. */
export async function takeEvidence(frame: Frame, box: Box, rule: EvidenceRule): Promise<Buffer> {
  const { width, height, rgb } = frame;
  const region = cropRegion(box, frame, rule);
  const [right, bottom] = [Math.max(0, rule.min - region.width), Math.max(0, rule.min - region.height)];
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .extract(region)
    .extend({ right, bottom, background: '#000' })
    .jpeg({ quality: rule.jpegQuality })
    .toBuffer();
}
