import fc from 'fast-check';
import { cropRegion } from './crop-region';

const RULE = { margin: 50, min: 300 };
const HD = { width: 1920, height: 1080 };

describe('the region of a picture that is kept as evidence', () => {
  it('is the face and 50 pixels around it', () => {
    expect(cropRegion({ x: 500, y: 400, width: 300, height: 320 }, HD, RULE)).toEqual({
      left: 450,
      top: 350,
      width: 400,
      height: 420,
    });
  });

  it('is at least 300 × 300 around a small face', () => {
    expect(cropRegion({ x: 500, y: 400, width: 40, height: 40 }, HD, RULE)).toEqual({
      left: 370,
      top: 270,
      width: 300,
      height: 300,
    });
  });

  it('is moved inside at the edge', () => {
    expect(cropRegion({ x: -10, y: 1060, width: 40, height: 40 }, HD, RULE)).toEqual({
      left: 0,
      top: 780,
      width: 300,
      height: 300,
    });
  });

  it('is the picture where that is smaller', () => {
    expect(cropRegion({ x: 10, y: 10, width: 50, height: 50 }, { width: 200, height: 100 }, RULE)).toEqual({
      left: 0,
      top: 0,
      width: 200,
      height: 100,
    });
  });

  it('lies in the picture, and has 300 × 300 where the picture has, for any box', () => {
    const side = fc.integer({ min: 1, max: 4000 });
    const place = fc.integer({ min: -500, max: 4500 });
    fc.assert(
      fc.property(place, place, side, side, side, side, (x, y, width, height, w, h) => {
        const region = cropRegion({ x, y, width, height }, { width: w, height: h }, RULE);
        expect(region.left).toBeGreaterThanOrEqual(0);
        expect(region.top).toBeGreaterThanOrEqual(0);
        expect(region.left + region.width).toBeLessThanOrEqual(w);
        expect(region.top + region.height).toBeLessThanOrEqual(h);
        expect(region.width).toBeGreaterThanOrEqual(Math.min(300, w));
        expect(region.height).toBeGreaterThanOrEqual(Math.min(300, h));
      }),
    );
  });
});
