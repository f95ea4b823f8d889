import type { DetectedFace } from '../engine/engine';
import { buildGallery } from './build-gallery';
import { FaceMatcher, type MatchRules } from './face-matcher';

const quality = { size: 1, sharpness: 1, pose: 1, brightness: 1, overall: 1 };
const face = (embedding: number[] | null, liveness: number | null = null): DetectedFace => ({
  box: { x: 0, y: 0, width: 1, height: 1 },
  score: 1,
  landmarks: [],
  quality,
  embedding: embedding === null ? null : Float32Array.from(embedding),
  liveness,
});

// Student 0 has two vectors, student 1 one.
const gallery = buildGallery(Float32Array.from([1, 0, 0, 0.8, 0.6, 0, 0, 0, 1]), [0, 0, 1], 3);
const matcher = (rules: Partial<MatchRules> = {}) =>
  new FaceMatcher(gallery, {
    threshold: 0.9,
    margin: 0.05,
    livenessMin: null,
    confidenceOf: (s) => s,
    ...rules,
  });

describe('a face', () => {
  it('is the student whose nearest vector is near enough', () => {
    expect(matcher().judge(face([0.8, 0.6, 0]))).toEqual({ kind: 'student', student: 0, confidence: 1 });
    expect(matcher().judge(face([0, 0, 1]))).toMatchObject({ student: 1 });
  });

  it('is a stranger below the threshold', () => {
    expect(matcher().judge(face([0, 1, 0]))).toEqual({ kind: 'stranger' });
  });

  it('is nobody when two students are about as near', () => {
    const between = [Math.SQRT1_2, 0, Math.SQRT1_2];
    expect(matcher({ threshold: 0.5 }).judge(face(between))).toEqual({ kind: 'stranger' });
  });

  it('is not judged when it did not pass the quality gate', () => {
    expect(matcher().judge(face(null))).toEqual({ kind: 'unclear' });
  });

  it('has to look alive where that is asked for, and to be known to', () => {
    const strict = matcher({ livenessMin: 0.5 });
    expect(strict.judge(face([1, 0, 0], 0.2))).toEqual({ kind: 'not_alive' });
    expect(strict.judge(face([1, 0, 0], null))).toEqual({ kind: 'not_alive' });
    expect(strict.judge(face([1, 0, 0], 0.9))).toMatchObject({ student: 0 });
  });
});
