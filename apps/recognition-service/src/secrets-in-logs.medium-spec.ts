import { CameraServer } from '@teleop/sim-cameras';
import { Logger } from '@teleop/service-kit';
import { waitFor } from './testing/wait-for.spec-support';
import { personPhoto } from './testing/colour-faces.spec-support';
import { room } from './testing/room.spec-support';
import { newSlot, sessionBody, setupRecognition, type Recognition } from './testing/service.spec-support';

/** With a character that may end a text, and that no encoding touches. */
const PASSWORD = "pa'55word-of-the-camera";
const API_KEY = 'key-of-the-attendance-backend';

describe('what recognition-service writes and says of people and cameras', () => {
  let s: Recognition;
  let cameras: CameraServer;
  let log = '';
  /** What was written past the logger. */
  let printed = '';
  let answers = '';
  const logger = Logger.create({
    service: 'recognition-service',
    level: 'trace',
    destination: { write: (text: string) => void (log += text) },
  });
  beforeAll(async () => {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
      jest.spyOn(stream, 'write').mockImplementation((...args: unknown[]) => {
        printed += String(args[0]);
        return write(...args);
      });
    }
    cameras = new CameraServer({
      cameras: [{ name: 'class', scene: await room([0, 1]), credentials: `operator:${PASSWORD}` }],
    });
    const env = {
      LOG_LEVEL: 'trace',
      LOG_REQUESTS: 'all',
      SLOW_REQUEST_MS: '1',
      RECOGNITION_API_KEY: API_KEY,
    };
    [s] = await Promise.all([setupRecognition({ env, logger }), cameras.start()]);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await s.close();
    await cameras.stop();
  });

  it('has no name, picture, vector, key or password in it', async () => {
    const slotId = newSlot();
    const rtspUrl = cameras.rtspUrl('class');
    const wrong = rtspUrl.replace(PASSWORD, `${PASSWORD}-but-wrong`);
    const body = sessionBody({
      slotId,
      students: [0, 1],
      cameras: [
        { id: 1, rtspUrl },
        { id: 2, rtspUrl: wrong },
      ],
      callbackUrl: s.backend.callbackUrl,
    });
    for (const student of body.students) {
      student.fullName = 'Nguyễn Văn Secret';
      student.embeddingVector = student.embeddingVector.map((value) => value * 0.912345678 + 1e-9);
    }
    s.backend.mood = 'failing';
    expect((await s.process(body)).status).toBe(200);
    await waitFor('a callback that is refused', () => s.backend.received.length > 0);
    s.backend.mood = 'ok';
    await waitFor('both to be told', () => s.backend.recognitions.length === 2);
    cameras.camera('class').die();
    await waitFor(
      'the camera to be missed',
      async () => (await s.session(slotId)).cameras[0].state !== 'ACTIVE',
    );
    cameras.camera('class').revive();
    const live = await s.session(slotId);
    answers += JSON.stringify(live);
    const signed = live.recognitions[0].evidenceUrl as string;
    await s.call('GET', signed.replace(/^https?:\/\/[^/]+/, ''), undefined, {});
    for (const call of ['test-connection', 'capture-frame']) {
      for (const url of [rtspUrl, wrong, `rtsp://operator:${PASSWORD}@169.254.169.254/x`]) {
        // As JavaScript encodes it, which is less than forms do.
        const query = `rtspUrl=${encodeURIComponent(url)}&timeout=4`;
        const { body: answer } = await s.call('GET', `/api/v1/cameras/${call}?${query}`);
        answers += JSON.stringify({ ...answer, data: { ...answer.data, image: '' } });
      }
    }
    await s.embed(await personPhoto(1));
    await s.process({ ...body, slotId: newSlot(), students: [{ ...body.students[0], userId: 'Nguyễn' }] });
    await s.call('DELETE', '/api/v1/recognition/evidence?userId=100');
    answers += JSON.stringify((await s.stop(slotId)).body);
    const events = JSON.stringify(await s.events());

    expect(log.split('\n').length).toBeGreaterThan(20);
    const secrets = {
      'the camera’s password': PASSWORD.split("'")[1]!,
      'our key': API_KEY,
      'a name': 'Secret',
      'a vector': '0.9123',
      'a picture': '/9j/',
      'a signature': new URL(signed).searchParams.get('signature')!,
    };
    const found = (text: string) => Object.entries(secrets).filter(([, secret]) => text.includes(secret));
    expect(found(log)).toEqual([]);
    expect(found(printed)).toEqual([]);
    expect(found(events)).toEqual([]);
    expect(found(answers.replaceAll(signed, ''))).toEqual([]);
  });
});
