import type { Box, Frame, Landmarks } from '../engine';

export interface FoundFace {
  readonly box: Box;
  readonly score: number;
  /** Both eyes, nose, middle of the mouth. */
  readonly landmarks: Landmarks;
}

export interface FaceDetector {
  readonly name: string;
  /** Faces of the frame, best first, none twice. */
  detect(frame: Frame): Promise<FoundFace[]>;
  close(): Promise<void>;
}
