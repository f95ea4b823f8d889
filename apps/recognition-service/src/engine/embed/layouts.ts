import type { FaceLayout } from './embedder';

/**
 * dlib's face chip of 150 pixels with a padding of a quarter: the middles of the eyes from the corners in dlib's five-point mean
 * shape (image_transforms/interpolation.h); tip of the nose and mouth where BlazeFace's lie on chips aligned by those.
 */
export const DLIB_LAYOUT: FaceLayout = {
  side: 150,
  points: [
    [47.73, 47.13],
    [100.28, 47.13],
    [74, 78],
    [74, 106],
  ],
  range: { mean: [122.782, 117.001, 104.298], scale: 1 / 255 },
};

/** The 112-pixel layout of ArcFace and what follows it (insightface, face_align.py); the mouth is the middle of its corners. */
export const ARCFACE_LAYOUT: FaceLayout = {
  side: 112,
  points: [
    [38.2946, 51.6963],
    [73.5318, 51.5014],
    [56.0252, 71.7366],
    [56.1397, 92.2848],
  ],
  range: { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 },
};
