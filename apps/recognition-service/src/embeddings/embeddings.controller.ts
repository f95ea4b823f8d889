import type { IncomingMessage } from 'node:http';
import { Controller, HttpCode, Post, Req, UseGuards } from '@nestjs/common';
import { GeneratedEmbeddingAnswer } from '@teleop/contracts';
import { Documented, InjectConfig, ProblemError } from '@teleop/service-kit';
import { ApiKeyGuard } from '../access/api-key.guard';
import { enveloped } from '../api/envelope';
import type { RecognitionConfig } from '../config';
import { GenerateEmbedding } from './generate-embedding';
import { EMBEDDINGS_PATH, readPhotoForm } from './photo-body';

interface FormRequest {
  readonly headers: IncomingMessage['headers'];
  readonly body?: unknown;
}

const FORM = {
  type: 'object',
  properties: {
    photo: { type: 'string', format: 'binary', description: 'JPEG, PNG or WebP with one face' },
    submissionId: { type: 'string', minLength: 1, maxLength: 256 },
  },
  required: ['photo', 'submissionId'],
};

@Controller()
@UseGuards(ApiKeyGuard)
export class EmbeddingsController {
  constructor(
    private readonly generating: GenerateEmbedding,
    @InjectConfig() private readonly config: RecognitionConfig,
  ) {}

  @Post(EMBEDDINGS_PATH)
  @HttpCode(200)
  @Documented({
    summary: 'The vector of the one face on a photo (multipart: photo, submissionId)',
    description:
      'The photo is not kept. Vectors of different models cannot be compared: keep `model` with the vector.',
    form: FORM,
    answers: GeneratedEmbeddingAnswer,
    problems: {
      400: [
        'VALIDATION_FAILED',
        'PHOTO_FILE_REQUIRED',
        'INVALID_FILE_FORMAT',
        'NO_FACE_IN_PHOTO',
        'MULTIPLE_FACES_DETECTED',
        'LOW_QUALITY_FACE',
      ],
      413: ['PAYLOAD_TOO_LARGE'],
      415: ['UNSUPPORTED_MEDIA_TYPE'],
      503: ['ENGINE_STARTING', 'ENGINE_UNAVAILABLE', 'ENGINE_BUSY'],
    },
  })
  async generate(@Req() { headers, body }: FormRequest): Promise<GeneratedEmbeddingAnswer> {
    if (!Buffer.isBuffer(body)) {
      throw new ProblemError(
        400,
        'PHOTO_FILE_REQUIRED',
        'A form (multipart/form-data) with a file named photo is needed',
        {
          errors: [{ path: 'photo', message: 'photo must be a file' }],
        },
      );
    }
    const form = await readPhotoForm(body, headers['content-type'] ?? '', this.config.PHOTO_MAX_BYTES);
    return enveloped('Embedding generated', await this.generating.generate(form));
  }
}
