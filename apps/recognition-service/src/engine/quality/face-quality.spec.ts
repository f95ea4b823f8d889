import type { FoundFace } from '../detect/face-detector';
import type { Frame } from '../engine';
import { ENGINE_DEFAULTS } from '../engine-settings';
import { QualityMeter } from './face-quality';
import { passes } from './passes';

const SIDE = 200;

/** A drawn face: detail as fine as `detail` pixels, as bright as `light`. */
function picture(detail: number, light: number): Frame {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const wave = Math.sin((x / detail) * Math.PI) * Math.sin((y / detail) * Math.PI);
      rgb.fill(
        Math.max(0, Math.min(255, light * (1 + 0.6 * wave))),
        (y * SIDE + x) * 3,
        (y * SIDE + x) * 3 + 3,
      );
    }
  }
  return { width: SIDE, height: SIDE, rgb };
}

/** `nose`: how far it is aside, in distances between the eyes. */
function face({ width = 100, nose = 0, turn = 0 } = {}): FoundFace {
  const scale = width / 100;
  const points = [
    [80, 80],
    [120, 80],
    [100 + nose * 40, 104],
    [100, 124],
  ] as const;
  const landmarks = points.map(([x, y]) => {
    const [dx, dy] = [(x - 100) * scale, (y - 100) * scale];
    return [
      100 + dx * Math.cos(turn) - dy * Math.sin(turn),
      100 + dx * Math.sin(turn) + dy * Math.cos(turn),
    ] as const;
  });
  return { score: 1, box: { x: 100 - width / 2, y: 100 - width / 2, width, height: width }, landmarks };
}

const sharp = picture(8, 128);
const measure = (frame: Frame, found: FoundFace) => new QualityMeter().measure(frame, found);

describe('quality of a face', () => {
  it('is good of a large, sharp, frontal and lit one', () => {
    const quality = measure(sharp, face());
    expect(quality.overall).toBeGreaterThan(0.8);
    expect(passes(quality, ENGINE_DEFAULTS.gate)).toBe(true);
  });

  it.each([
    ['size', 'small', sharp, face({ width: 24 })],
    ['sharpness', 'blurred', picture(160, 128), face()],
    ['pose', 'in profile', sharp, face({ nose: 1.1 })],
    ['brightness', 'in the dark', picture(8, 12), face()],
    ['brightness', 'against the light', picture(200, 255), face()],
  ] as const)('falls in %s when it is %s, and the gate keeps it out', (measureName, _, frame, found) => {
    const quality = measure(frame, found);
    expect(quality[measureName]).toBeLessThan(ENGINE_DEFAULTS.gate[measureName]);
    expect(quality.overall).toBeLessThanOrEqual(quality[measureName]);
    expect(passes(quality, ENGINE_DEFAULTS.gate)).toBe(false);
  });

  it('does not mind a head on one side', () => {
    expect(measure(sharp, face({ turn: 0.6 })).pose).toBeCloseTo(1, 5);
  });

  it('falls as the head turns away', () => {
    const poses = [0, 0.2, 0.5, 0.8, 1.1].map((nose) => measure(sharp, face({ nose })).pose);
    expect(poses).toEqual([...poses].sort((a, b) => b - a));
    expect(new Set(poses).size).toBe(poses.length);
  });
});
