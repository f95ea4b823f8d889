import sharp from 'sharp';
import { PEOPLE, personPhoto, vectorOf } from '../testing/colour-faces.spec-support';
import {
  newSlot,
  photoForm,
  sessionBody,
  setupRecognition,
  type Recognition,
} from '../testing/service.spec-support';

describe('embeddings', () => {
  let s: Recognition;
  beforeAll(async () => {
    s = await setupRecognition({ env: { PHOTO_MAX_BYTES: '200000', PHOTO_MAX_PIXELS: '1000000' } });
  });
  afterAll(() => s.close());

  it('are made of the one face of a photo', async () => {
    const { status, body } = await s.embed(await personPhoto(4), 'submission 7');
    expect(status).toBe(200);
    expect(body).toEqual({
      status: 200,
      message: 'Embedding generated',
      data: {
        submissionId: 'submission 7',
        embeddingVector: vectorOf(4),
        quality: { size: 0.9, sharpness: 0.9, pose: 0.9, brightness: 0.9, overall: 0.9 },
        faceDetected: true,
        processingTime: expect.any(Number),
        model: { name: 'colour-faces', version: '1', dimension: 16 },
      },
    });
  });

  it('turn a photo upright first, and take PNG and WebP as well', async () => {
    const upright = await sharp(await personPhoto(4))
      .rotate(90)
      .withMetadata({ orientation: 8 })
      .jpeg()
      .toBuffer();
    for (const photo of [
      upright,
      await sharp(upright).png().toBuffer(),
      await sharp(upright).webp().toBuffer(),
    ]) {
      expect((await s.embed(photo)).body.data.embeddingVector).toEqual(vectorOf(4));
    }
  });

  it.each<[string, () => Promise<Buffer | undefined>]>([
    ['PHOTO_FILE_REQUIRED', async () => Promise.resolve(undefined)],
    ['PHOTO_FILE_REQUIRED', async () => Promise.resolve(Buffer.alloc(0))],
    ['INVALID_FILE_FORMAT', async () => Promise.resolve(Buffer.from('GIF89a, or so it says'))],
    [
      'INVALID_FILE_FORMAT',
      async () => Promise.resolve(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
    ],
    ['INVALID_FILE_FORMAT', async () => (await personPhoto(1)).subarray(0, 700)],
    ['INVALID_FILE_FORMAT', () => flat(2_000, 2_000)],
    ['NO_FACE_IN_PHOTO', () => flat(300, 300)],
    ['MULTIPLE_FACES_DETECTED', () => personPhoto(1, 2)],
    ['LOW_QUALITY_FACE', () => personPhoto(PEOPLE.unclear)],
  ])('are refused with %s', async (code, photo) => {
    const { status, body } = await s.embed(await photo());
    expect([status, body.status, body.code]).toEqual([400, 400, code]);
    expect(body.message).toEqual(expect.any(String));
  });

  it('need a submission id, a form, and a photo that is not too large', async () => {
    const photo = await personPhoto(1);
    expect(
      (await s.call('POST', '/api/v1/embeddings/generate', photoForm(photo, undefined))).body,
    ).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ path: 'submissionId', message: expect.any(String) }],
    });
    expect((await s.call('POST', '/api/v1/embeddings/generate', { photo: 'x' })).body.code).toBe(
      'PHOTO_FILE_REQUIRED',
    );
    expect((await s.embed(Buffer.alloc(210_000, 1))).status).toBe(413);
    expect((await s.embed(Buffer.alloc(2_000_000, 1))).status).toBe(413);
    expect((await s.call('POST', '/api/v1/embeddings/generate', photoForm(photo, 'x'), {})).status).toBe(401);
  });

  it('of another model are refused with where they are and how long they should be', async () => {
    const body = sessionBody({
      slotId: newSlot(),
      students: [1, 2],
      cameras: [{ id: 1, rtspUrl: 'rtsp://127.0.0.1:1/x' }],
      callbackUrl: s.backend.callbackUrl,
    });
    body.students[1]!.embeddingVector = Array.from({ length: 512 }, () => 0.1);
    const { body: answer } = await s.process(body);
    expect(answer).toMatchObject({ status: 400, code: 'EMBEDDING_DIMENSION_MISMATCH' });
    expect(answer.errors[0].path).toBe('students.1.embeddingVector');
    body.students[1]!.embeddingVector = Array.from({ length: 16 }, () => 0);
    expect((await s.process(body)).body).toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

function flat(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#555' } })
    .jpeg()
    .toBuffer();
}
