import path from 'node:path';
import { CameraServer, type Scene } from '@teleop/sim-cameras';
import { waitFor } from './testing/wait-for.spec-support';
import sharp from 'sharp';
import type { Box, RecognitionEngine } from './engine/engine';
import { ENGINE_DEFAULTS } from './engine/engine-settings';
import { startEngine } from './engine/start-engine';
import { newSlot, sessionBody, setupRecognition, type Recognition } from './testing/service.spec-support';

/* The models and the photographs that come with the packages of Human and face-api. */
const PHOTOS = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
const photo = (name: string) => path.join(PHOTOS, name);
const WIDTH = 1_280;

async function roomWith(name: string, pan: number): Promise<Scene> {
  const picture = await sharp(photo(name)).resize({ width: WIDTH }).jpeg().toBuffer();
  const { height = 0 } = await sharp(picture).metadata();
  return {
    width: WIDTH,
    height: height - (height % 2),
    frames: 10,
    people: [{ picture, x: 0, y: 0, width: WIDTH }],
    pan,
  };
}

/** One photo a person, cut out of a photograph of several. */
async function portraits(engine: RecognitionEngine, name: string): Promise<Buffer[]> {
  const { data, info } = await sharp(photo(name)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { faces } = await engine.analyse({
    width: info.width,
    height: info.height,
    rgb: new Uint8Array(data),
  });
  const leftToRight = faces.map(({ box }) => box).sort((a, b) => a.x - b.x);
  return Promise.all(leftToRight.map((box) => cut(photo(name), box, info)));
}

async function cut(
  file: string,
  { x, y, width, height }: Box,
  limit: { width: number; height: number },
): Promise<Buffer> {
  const margin = width * 0.4;
  const [left, top] = [Math.max(0, Math.round(x - margin)), Math.max(0, Math.round(y - margin))];
  return sharp(file)
    .extract({
      left,
      top,
      width: Math.min(limit.width - left, Math.round(width + 2 * margin)),
      height: Math.min(limit.height - top, Math.round(height + 2 * margin)),
    })
    .jpeg({ quality: 90 })
    .toBuffer();
}

describe('real faces', () => {
  let s: Recognition;
  let cameras: CameraServer;
  let engine: RecognitionEngine;
  let enrolled: { vector: number[]; from: string }[];
  beforeAll(async () => {
    // Four people in the class, three at the door.
    cameras = new CameraServer({
      cameras: [
        { name: 'class', scene: await roomWith('sample6.jpg', 2) },
        { name: 'door', scene: await roomWith('sample3.jpg', 1) },
      ],
    });
    engine = await startEngine({
      ...ENGINE_DEFAULTS,
      modelCache: path.join(PHOTOS, '../../../.cache/recognition-models'),
    });
    [s] = await Promise.all([
      setupRecognition({ env: { CAMERA_SILENCE_MS: '6000' }, startEngine: () => Promise.resolve(engine) }),
      cameras.start(),
    ]);
    enrolled = [];
    for (const from of ['sample6.jpg', 'sample3.jpg']) {
      for (const one of await portraits(engine, from)) {
        const { status, body } = await s.embed(one);
        expect([status, body.code]).toEqual([200, undefined]);
        enrolled.push({ vector: body.data.embeddingVector, from });
      }
    }
  });
  afterAll(async () => {
    await s.close();
    await cameras.stop();
  });

  it('of a class of five are each called back once over two cameras, one of which goes and returns; strangers are nobody', async () => {
    expect(enrolled).toHaveLength(7);
    // The last two, at the door, are not of this class.
    const students = [0, 1, 2, 3, 4];
    const slotId = newSlot();
    const at = [
      { id: 1, rtspUrl: cameras.rtspUrl('class') },
      { id: 2, rtspUrl: cameras.httpUrl('door') },
    ];
    const body = sessionBody({ slotId, students, cameras: at, callbackUrl: s.backend.callbackUrl });
    for (const [index, student] of body.students.entries()) student.embeddingVector = enrolled[index]!.vector;
    const { similarityThreshold: _, ...config } = body.config;
    expect((await s.process({ ...body, config: { ...config, scanInterval: 1 } })).status).toBe(200);
    const told = () => s.backend.recognitions.map((one) => one['studentUserId']).sort();
    await waitFor('five recognitions', () => told().length === 5);

    cameras.camera('class').die();
    const state = async (index: number) => (await s.session(slotId)).cameras[index].state;
    await waitFor('the camera to be missed', async () => (await state(0)) !== 'ACTIVE');
    cameras.camera('class').revive();
    await waitFor('it to be back', async () => (await state(0)) === 'ACTIVE');
    const { framesScanned } = (await s.session(slotId)).cameras[0];
    await waitFor(
      'more looks',
      async () => (await s.session(slotId)).cameras[0].framesScanned > framesScanned + 1,
    );

    expect(told()).toEqual([100, 101, 102, 103, 104]);
    const cameraOf = new Map(s.backend.recognitions.map((one) => [one['studentUserId'], one['cameraId']]));
    expect([100, 101, 102, 103, 104].map((id) => cameraOf.get(id))).toEqual([1, 1, 1, 1, 2]);
    const door = (await s.session(slotId)).cameras[1];
    expect(door.faces.map((face: { studentUserId: number | null }) => face.studentUserId).sort()).toEqual([
      104,
      null,
      null,
    ]);
    for (const one of s.backend.recognitions) expect(one['confidence']).toBeGreaterThan(0.6);
    await s.stop(slotId);
  });
});
