import { CALIBRATED_THRESHOLD, calibrationOf, ConfidenceScale } from './confidence';

const measured = { oneInHundred: 0.91, perDecade: 0.02, margin: 0.01 };

describe('confidence', () => {
  it('of one half is the cosine that one stranger in a hundred reaches', () => {
    const scale = new ConfidenceScale(measured, 1);
    expect(scale.confidenceOf(0.91)).toBeCloseTo(CALIBRATED_THRESHOLD);
    expect(scale.cosineOf(0.5)).toBeCloseTo(0.91);
  });

  it('asks for a nearer face the more vectors a stranger is held against', () => {
    const cosines = [1, 10, 100, 1_000].map((vectors) =>
      new ConfidenceScale(measured, vectors).cosineOf(0.5),
    );
    expect(cosines).toEqual([0.91, 0.93, 0.95, 0.97].map((cosine) => expect.closeTo(cosine)));
  });

  it('and cosine say the same of a face: what reaches the threshold reaches the cosine', () => {
    const scale = new ConfidenceScale(measured, 30);
    for (const threshold of [0.2, 0.5, 0.6, 0.75]) {
      expect(scale.confidenceOf(scale.cosineOf(threshold))).toBeCloseTo(threshold);
    }
  });

  it('stays between 0 and 1, and no threshold asks for more than the same photograph', () => {
    const scale = new ConfidenceScale(measured, 5_000);
    expect(scale.confidenceOf(-1)).toBe(0);
    expect(scale.confidenceOf(1)).toBeLessThanOrEqual(1);
    expect(scale.cosineOf(1)).toBeLessThan(1);
  });

  it('is the cosine itself for a model that was not measured', () => {
    const scale = new ConfidenceScale(calibrationOf('brought-by-somebody'), 300);
    expect(scale.confidenceOf(0.37)).toBeCloseTo(0.37);
    expect(scale.cosineOf(0.37)).toBeCloseTo(0.37);
  });

  it('is measured for the model that is used by default', () => {
    expect(calibrationOf('dlib-resnet34')).not.toBeNull();
  });
});
