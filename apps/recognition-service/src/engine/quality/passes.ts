import type { FaceQuality } from '../engine';
import type { QualityGate } from '../engine-settings';

/** Small, blurred, averted or dark faces look like anybody: they are not compared at all. */
export function passes(quality: FaceQuality, gate: QualityGate): boolean {
  return (
    quality.size >= gate.size &&
    quality.sharpness >= gate.sharpness &&
    quality.pose >= gate.pose &&
    quality.brightness >= gate.brightness
  );
}
