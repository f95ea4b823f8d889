/** What tools/recognition-calibration measured of a model: how near strangers come to each other. */
export interface Calibration {
  /** Cosine that one pair of strangers in a hundred reaches. */
  readonly oneInHundred: number;
  /** How much higher the cosine is that ten times fewer pairs reach. */
  readonly perDecade: number;
  /** How much nearer the best student must be than the second best, as cosine. */
  readonly margin: number;
}

/** On people of LFW; docs/recognition-accuracy.md. */
const DLIB: Calibration = { oneInHundred: 0.912, perDecade: 0.017, margin: 0.01 };
/** Of a model that was not measured, such as one that an operator brings. */
const UNMEASURED_MARGIN = 0.05;

/** Null: not measured. */
export function calibrationOf(model: string): Calibration | null {
  return model === 'dlib-resnet34' ? DLIB : null;
}

/** The default of `similarityThreshold`: one look of a stranger in a hundred is taken for one of the class. */
export const CALIBRATED_THRESHOLD = 0.5;
/** Between two readings of one photograph there is rounding. */
const MOST = 0.999;
/** So much confidence is ten times fewer strangers. */
const CONFIDENCE_PER_DECADE = 0.2;

/**
 * Cosine to confidence (0–1) for a class, and back. Cosines of one model mean nothing to another, nor to who calls the service, and
 * the same cosine is worth less the more vectors a stranger is held against. So: confidence 0.5 is where one stranger's look in a
 * hundred would be taken for somebody of this class; every 0.2 more is ten times fewer. `similarityThreshold` is a confidence. Of
 * a model that was not measured, confidence is the cosine.
 */
export class ConfidenceScale {
  /** How much nearer the best student must be than the second best, as cosine. */
  readonly margin: number;
  /** The cosine of confidence 0.5, and confidence for cosine. */
  private readonly middle: number;
  private readonly slope: number;

  /** `vectors`: of the whole gallery. */
  constructor(calibration: Calibration | null, vectors: number) {
    this.margin = calibration?.margin ?? UNMEASURED_MARGIN;
    this.middle = calibration
      ? calibration.oneInHundred + calibration.perDecade * Math.log10(Math.max(1, vectors))
      : CALIBRATED_THRESHOLD;
    this.slope = calibration ? CONFIDENCE_PER_DECADE / calibration.perDecade : 1;
  }

  confidenceOf(cosine: number): number {
    return Math.max(0, Math.min(1, CALIBRATED_THRESHOLD + (cosine - this.middle) * this.slope));
  }

  /** The cosine that a match must reach; never beyond what the same photograph reaches. */
  cosineOf(confidence: number): number {
    return Math.min(MOST, this.middle + (confidence - CALIBRATED_THRESHOLD) / this.slope);
  }
}
