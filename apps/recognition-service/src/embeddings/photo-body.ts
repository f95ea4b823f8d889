import type { INestApplication } from '@nestjs/common';
import { ProblemError } from '@teleop/service-kit';
import type { RecognitionConfig } from '../config';

/** What we use of Fastify’s instance; fastify itself is the platform’s dependency, not ours. */
interface ParsesBodies {
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (
      request: { readonly url: string },
      body: Buffer,
      done: (error: Error | null, body?: Buffer) => void,
    ) => void,
  ): void;
}

export const EMBEDDINGS_PATH = '/api/v1/embeddings/generate';

/** Room for the other field and the boundaries of a form. */
const FORM_OVERHEAD = 64 * 1024;

/** Forms with a photo arrive as they are, up to the size of a photo; no other route takes a form. */
export function usePhotoBody(
  app: INestApplication,
  config: Pick<RecognitionConfig, 'PHOTO_MAX_BYTES'>,
): void {
  const instance = app.getHttpAdapter().getInstance() as ParsesBodies;
  instance.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: config.PHOTO_MAX_BYTES + FORM_OVERHEAD },
    (request, body, done) => {
      if (request.url.split('?', 1)[0] === EMBEDDINGS_PATH) done(null, body);
      else done(new ProblemError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be application/json'));
    },
  );
}

export interface PhotoForm {
  readonly submissionId: string;
  readonly photo: Buffer;
}

/** Throws ProblemError: 400 VALIDATION_FAILED, PHOTO_FILE_REQUIRED. */
export async function readPhotoForm(body: Buffer, contentType: string, maxBytes: number): Promise<PhotoForm> {
  const form = await parsed(body, contentType);
  const photo = form.get('photo');
  if (photo === null || typeof photo === 'string' || photo.size === 0) {
    throw new ProblemError(400, 'PHOTO_FILE_REQUIRED', 'The form needs a file named photo', {
      errors: [{ path: 'photo', message: 'photo must be a file' }],
    });
  }
  const submissionId = form.get('submissionId');
  if (typeof submissionId !== 'string' || submissionId.length === 0 || submissionId.length > 256) {
    throw new ProblemError(400, 'VALIDATION_FAILED', 'submissionId must be a text of 1 to 256 characters', {
      errors: [{ path: 'submissionId', message: 'submissionId must be a text of 1 to 256 characters' }],
    });
  }
  if (photo.size > maxBytes) {
    throw new ProblemError(413, 'PAYLOAD_TOO_LARGE', `The photo may have ${maxBytes} bytes`);
  }
  return { submissionId, photo: Buffer.from(await photo.arrayBuffer()) };
}

async function parsed(body: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch (error) {
    throw new ProblemError(400, 'VALIDATION_FAILED', 'The body is not a valid form', {
      errors: [{ path: 'body', message: 'must be multipart/form-data with photo and submissionId' }],
      cause: error,
    });
  }
}
