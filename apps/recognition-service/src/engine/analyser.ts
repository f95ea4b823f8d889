import type { FaceDetector, FoundFace } from './detect/face-detector';
import type { Embedder } from './embed/embedder';
import type { DetectedFace, FaceQuality, Frame } from './engine';
import type { QualityGate } from './engine-settings';
import type { LivenessMeter } from './liveness/liveness-meter';
import { passes } from './quality/passes';
import type { QualityMeter } from './quality/face-quality';

export interface AnalyserParts {
  readonly detector: FaceDetector;
  readonly meter: QualityMeter;
  readonly embedder: Embedder;
  readonly liveness: LivenessMeter;
  readonly gate: QualityGate;
  /** With no more faces than this in a frame, each is embedded with its mirror image. */
  readonly mirrorFaces: number;
}

/** Detect, measure, gate, embed, and liveness where it is asked for: one frame, on one core. */
export class Analyser {
  constructor(private readonly parts: AnalyserParts) {}

  async analyse(frame: Frame, liveness: boolean): Promise<DetectedFace[]> {
    const { detector, meter, gate } = this.parts;
    const found = await detector.detect(frame);
    const measured = found.map((face) => ({ face, quality: meter.measure(frame, face) }));
    const good = measured.filter(({ quality }) => passes(quality, gate));
    const vectors = await this.vectorsOf(frame, good);
    const faces: DetectedFace[] = [];
    for (const { face, quality } of measured) {
      const embedding = vectors.get(face) ?? null;
      const alive = liveness && embedding !== null ? await this.parts.liveness.measure(frame, face) : null;
      faces.push({ ...face, quality, embedding, liveness: alive });
    }
    return faces;
  }

  async close(): Promise<void> {
    await this.parts.detector.close();
    await this.parts.embedder.close();
    await this.parts.liveness.close();
  }

  private async vectorsOf(
    frame: Frame,
    good: readonly { readonly face: FoundFace; readonly quality: FaceQuality }[],
  ): Promise<Map<FoundFace, Float32Array | null>> {
    const landmarks = good.map(({ face }) => face.landmarks);
    const vectors = await this.parts.embedder.embed(frame, landmarks, good.length <= this.parts.mirrorFaces);
    return new Map(good.map(({ face }, i) => [face, vectors[i] ?? null]));
  }
}
