import { CameraServer } from '@teleop/sim-cameras';
import { waitFor } from './testing/wait-for.spec-support';
import sharp from 'sharp';
import { PEOPLE, personPhoto } from './testing/colour-faces.spec-support';
import { room } from './testing/room.spec-support';
import { newSlot, sessionBody, setupRecognition, type Recognition } from './testing/service.spec-support';

const STRANGER = 7;

describe('a class', () => {
  let s: Recognition;
  let cameras: CameraServer;
  beforeAll(async () => {
    cameras = new CameraServer({
      cameras: [
        { name: 'front', scene: await room([0, 1, STRANGER]), credentials: 'admin:s3cret' },
        { name: 'back', scene: await room([2, PEOPLE.unclear], { pan: 3 }) },
      ],
    });
    [s] = await Promise.all([setupRecognition(), cameras.start()]);
  });
  afterAll(async () => {
    await s.close();
    await cameras.stop();
  });

  const both = () => [
    { id: 1, rtspUrl: cameras.rtspUrl('front') },
    { id: 2, rtspUrl: cameras.httpUrl('back') },
  ];
  const seen = () => s.backend.recognitions.map((one) => one['studentUserId']).sort();

  it('that enrolled by photo is called back once each, with evidence, and nobody else is', async () => {
    const enrolled = await Promise.all(
      [0, 1, 2, 3].map(
        async (person) => (await s.embed(await personPhoto(person), `photo-${person}`)).body.data,
      ),
    );
    expect(enrolled[2]).toMatchObject({
      submissionId: 'photo-2',
      faceDetected: true,
      model: { dimension: 16 },
    });
    const slotId = newSlot();
    const { callbackUrl } = s.backend;
    const body = sessionBody({ slotId, students: [0, 1, 2, 3], cameras: both(), callbackUrl });
    for (const [at, student] of body.students.entries())
      student.embeddingVector = enrolled[at].embeddingVector;
    const started = await s.process(body);
    expect(started.body).toEqual({
      status: 200,
      message: 'Session started',
      data: {
        slotId,
        roomId: 7,
        mode: 'INITIAL',
        totalStudents: 4,
        totalCameras: 2,
        activeCameras: 2,
        failedCameras: 0,
        sessionStartedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      },
    });
    await waitFor('three recognitions', () => s.backend.recognitions.length >= 3);

    // One camera dies and returns, in time.
    cameras.camera('front').die();
    await waitFor(
      'it to be missed',
      async () => (await s.session(slotId)).cameras[0].state === 'RECONNECTING',
    );
    cameras.camera('front').revive();
    await waitFor('it to be back', async () => (await s.session(slotId)).cameras[0].state === 'ACTIVE');
    const scanned = (await s.session(slotId)).cameras[0].framesScanned;
    await waitFor('more looks', async () => (await s.session(slotId)).cameras[0].framesScanned > scanned + 2);
    expect(seen()).toEqual([100, 101, 102]);
    expect(s.backend.statuses).toEqual([]);

    const live = await s.session(slotId);
    expect(live).toMatchObject({ totalRecognitions: 3, pendingCallbacks: 0, activeCameras: 2 });
    expect(live.cameras[0].resolution).toBe('640x360');
    const [first] = live.cameras[0].faces;
    expect(first.box.width).toBeGreaterThan(50);
    expect(live.cameras.flatMap((camera: { faces: object[] }) => camera.faces)).toContainEqual(
      expect.objectContaining({ studentUserId: null }),
    );

    for (const { body: callback, apiKey } of s.backend.taken) {
      expect(apiKey).toBe(s.config.RECOGNITION_API_KEY);
      const [one] = callback['recognitions'] as Record<string, never>[];
      const { evidence, confidence, timestamp } = one!;
      expect(confidence).toBeGreaterThan(0.9);
      expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      const userId = Number(one!['studentUserId']);
      const path = `/uploads/evidence/${slotId}/${userId}_SE${900 + userId}.jpg`;
      expect(evidence).toEqual({
        regularImageUrl: expect.stringMatching(new RegExp(`${path}$`)),
        examImageUrl: null,
      });
      const picture = await s.call('GET', path);
      const { width = 0, height = 0, format } = await sharp(picture.body as Buffer).metadata();
      expect([format, width >= 300, height >= 300]).toEqual(['jpeg', true, true]);
    }

    const stopped = await s.stop(slotId);
    expect(stopped.body.data).toMatchObject({
      slotId,
      totalRecognitions: 3,
      sessionStoppedAt: expect.stringMatching(/Z$/),
    });
    expect(stopped.body.data.recognizedStudentIds.sort()).toEqual([100, 101, 102]);
    expect(stopped.body.data.sessionDuration).toBeGreaterThanOrEqual(0);
    expect((await s.stop(slotId)).body).toMatchObject({ status: 404, code: 'SESSION_NOT_FOUND' });
    const [row] = await s.rows(
      'SELECT plan, length(gallery) AS bytes FROM recognition.sessions WHERE slot_id = $1',
      [slotId],
    );
    expect(row).toEqual({ plan: { callbackUrl }, bytes: 0 });
  });
});
