import { Injectable } from '@nestjs/common';
import type { GeneratedEmbedding } from '@teleop/contracts';
import { Clock, InjectConfig, ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';
import { EngineHost } from '../engine-host/engine-host';
import type { DetectedFace } from '../engine/engine';
import { EngineBusy } from '../engine/errors';
import type { PhotoForm } from './photo-body';
import { readPhoto } from './read-photo';

/** The vector of the one face on a photo. The photo itself is not kept. */
@Injectable()
export class GenerateEmbedding {
  constructor(
    private readonly engines: EngineHost,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: RecognitionConfig,
  ) {}

  /**
   * Throws ProblemError: 400 INVALID_FILE_FORMAT, NO_FACE_IN_PHOTO, MULTIPLE_FACES_DETECTED, LOW_QUALITY_FACE; 503 where there
   * is no engine, or it is busy.
   */
  async generate({ submissionId, photo }: PhotoForm): Promise<GeneratedEmbedding> {
    const beganAt = this.clock.monotonic();
    const engine = this.engines.get();
    const { PHOTO_MAX_PIXELS, PHOTO_MAX_SIDE_PX } = this.config;
    const frame = await readPhoto(photo, { maxPixels: PHOTO_MAX_PIXELS, maxSide: PHOTO_MAX_SIDE_PX });
    const { faces } = await engine.analyse(frame).catch((error: unknown) => {
      if (!(error instanceof EngineBusy)) throw error;
      throw new ProblemError(503, 'ENGINE_BUSY', 'Too many pictures wait; try again', {
        headers: { 'retry-after': '2' },
        cause: error,
      });
    });
    const { quality, embedding } = theOnly(faces);
    const { size, sharpness, pose, brightness, overall } = quality;
    if (embedding === null) throw lowQuality({ size, sharpness, pose, brightness });
    return {
      submissionId,
      embeddingVector: [...embedding],
      quality: { size, sharpness, pose, brightness, overall },
      faceDetected: true,
      processingTime: Math.round(this.clock.monotonic() - beganAt),
      model: { ...engine.info.model },
    };
  }
}

function theOnly(faces: readonly DetectedFace[]): DetectedFace {
  const [face, ...others] = faces;
  if (face === undefined) throw new ProblemError(400, 'NO_FACE_IN_PHOTO', 'There is no face in the photo');
  if (others.length > 0) {
    throw new ProblemError(400, 'MULTIPLE_FACES_DETECTED', `There are ${faces.length} faces in the photo`);
  }
  return face;
}

/** Says what to do better next time. */
function lowQuality(measures: Readonly<Record<string, number>>): ProblemError {
  const [[worst] = ['quality']] = Object.entries(measures).sort(([, a], [, b]) => a - b);
  return new ProblemError(400, 'LOW_QUALITY_FACE', `The face cannot be used: its ${worst} is too low`, {
    errors: Object.entries(measures).map(([name, value]) => ({
      path: `photo.${name}`,
      message: `${Math.round(value * 100)} of 100`,
    })),
  });
}
