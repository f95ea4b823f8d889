import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CameraServer } from '@teleop/sim-cameras';
import { Logger } from '@teleop/service-kit';
import { waitFor } from '../testing/wait-for.spec-support';
import { PEOPLE } from '../testing/colour-faces.spec-support';
import { room } from '../testing/room.spec-support';
import { newSlot, sessionBody, setupRecognition, type Recognition } from '../testing/service.spec-support';

describe('sessions', () => {
  let s: Recognition;
  let cameras: CameraServer;
  beforeAll(async () => {
    cameras = new CameraServer({
      cameras: [
        { name: 'class', scene: await room([0, 1, 2]) },
        { name: 'photo', scene: await room([PEOPLE.notAlive, 3]) },
        { name: 'other', scene: await room([]) },
      ],
    });
    [s] = await Promise.all([
      setupRecognition({ env: { MAX_SESSIONS: '2', SCANS_TO_COUNT: '1' } }),
      cameras.start(),
    ]);
  });
  afterAll(async () => {
    await s.close();
    await cameras.stop();
  });
  beforeEach(() => {
    s.backend.mood = 'ok';
    s.backend.received.length = 0;
  });
  afterEach(async () => {
    for (const name of ['class', 'photo', 'other']) cameras.camera(name).revive();
    for (const { slotId } of (await s.call('GET', '/api/v1/recognition/sessions')).body.data)
      await s.stop(slotId);
  });

  const at = (...names: string[]) =>
    names.map((name, index) => ({ id: index + 1, rtspUrl: cameras.httpUrl(name) }));
  const begin = async (wish: Partial<Parameters<typeof sessionBody>[0]> = {}) => {
    const slotId = wish.slotId ?? newSlot();
    const { callbackUrl } = s.backend;
    const all = { slotId, students: [0, 1, 2], cameras: at('class'), callbackUrl, ...wish };
    return { slotId, answer: await s.process(sessionBody(all)) };
  };
  const told = () => s.backend.recognitions.map((one) => Number(one['studentUserId']));
  const allTold = () => waitFor('three recognitions', () => told().length === 3);

  it('of an examination are rescanned and called back as such', async () => {
    const { slotId } = await begin({ mode: 'RESCAN', callbackType: 'EXAM', students: [2] });
    const [callback] = await waitFor('the callback', () =>
      s.backend.taken.length > 0 ? s.backend.taken : undefined,
    );
    expect(callback!.body).toMatchObject({ slotId, mode: 'RESCAN', callbackType: 'EXAM' });
    const [{ evidence }] = s.backend.recognitions as [{ evidence: Record<string, string> }];
    expect(evidence).toEqual({
      regularImageUrl: null,
      examImageUrl: expect.stringMatching(new RegExp(`/uploads/evidence/${slotId}/102_SE1002_exam.jpg$`)),
    });
    expect((await s.call('GET', new URL(evidence['examImageUrl']!).pathname)).status).toBe(200);
  });

  it('may be had under the short addresses, and again once they are over', async () => {
    const slotId = newSlot();
    const body = sessionBody({
      slotId,
      students: [0],
      cameras: at('class'),
      callbackUrl: s.backend.callbackUrl,
    });
    expect((await s.call('POST', '/process-session', body)).status).toBe(200);
    expect((await s.call('POST', '/process-session', body)).body).toMatchObject({
      status: 409,
      code: 'SESSION_ALREADY_EXISTS',
      message: expect.any(String),
    });
    await waitFor('the recognition', () => told().length === 1);
    expect((await s.call('POST', '/stop-session', { slotId })).body.data.recognizedStudentIds).toEqual([100]);
    expect((await s.call('POST', '/process-session', body)).status).toBe(200);
    await waitFor('it again, in another session', () => told().length === 2);
  });

  it('lose nothing while the backend is away, and tell it in order when it is back', async () => {
    await s.backend.stop();
    const { slotId } = await begin();
    await waitFor('all to be seen', async () => (await s.session(slotId)).pendingCallbacks === 3);
    const live = await s.session(slotId);
    expect(live).toMatchObject({ totalRecognitions: 0, recognizedStudentIds: [] });
    expect(live.recognitions.map((one: { delivered: boolean }) => one.delivered)).toEqual([
      false,
      false,
      false,
    ]);
    await waitFor('failures', async () => (await failures(slotId)) >= 2);
    await s.backend.start();
    await allTold();
    const order = await s.rows<{ user_id: string }>(
      'SELECT user_id FROM recognition.recognitions r JOIN recognition.sessions s ON s.id = r.session_id WHERE slot_id = $1 ORDER BY recognized_at',
      [slotId],
    );
    expect(told()).toEqual(order.map((row) => Number(row.user_id)));
    await waitFor('all to count', async () => (await s.session(slotId)).totalRecognitions === 3);
    expect(await failures(slotId)).toBe(0);
  });

  it('send a callback again under the same id when the backend hangs or fails', async () => {
    s.backend.mood = 'hanging';
    await begin({ students: [0] });
    await waitFor('one that hangs', () => s.backend.received.length >= 1);
    s.backend.mood = 'failing';
    await waitFor('one that fails', () => s.backend.received.length >= 3);
    s.backend.mood = 'ok';
    await waitFor('it to be taken', () => told().length === 1);
    expect(new Set(s.backend.received.map((one) => one.idempotencyKey)).size).toBe(1);
  });

  it('stop by themselves after ten callbacks that failed', async () => {
    s.backend.mood = 'failing';
    const { slotId } = await begin();
    await waitFor('the end', async () => (await s.session(slotId)) === undefined);
    const [row] = await s.rows('SELECT status, stop_reason FROM recognition.sessions WHERE slot_id = $1', [
      slotId,
    ]);
    expect(row).toEqual({ status: 'STOPPED', stop_reason: 'CALLBACKS_FAILED' });
    // Three attempts each; the first callback holds up the others, as they are told in order.
    expect(s.backend.received).toHaveLength(30);
    expect(new Set(s.backend.received.map((one) => one.idempotencyKey)).size).toBe(1);
  });

  it('tell of a camera that is given up, take it back when it returns, and end with the last', async () => {
    const { slotId } = await begin({ cameras: at('class', 'other') });
    await allTold();
    cameras.camera('other').die();
    await waitFor('it to be told', () => s.backend.statuses.length === 1);
    expect(s.backend.statuses[0]).toEqual({
      type: 'SESSION_STATUS',
      slotId,
      status: 'CAMERA_DISCONNECTED',
      reason: 'CAMERA_FAILURE',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      cameraId: 2,
      cameraName: 'camera 2',
      activeCameras: 1,
      failedCameras: 1,
      failedCameraIds: [2],
    });
    expect(s.backend.taken.at(-1)!.path).toBe('/api/attendance/session-status');
    cameras.camera('other').revive();
    await waitFor('it to be back', async () => (await s.session(slotId)).activeCameras === 2);
    cameras.camera('other').die();
    cameras.camera('class').die();
    await waitFor('the end', () => s.backend.statuses.some((status) => status['status'] === 'STOPPED'));
    expect(s.backend.statuses.at(-1)).toEqual({
      type: 'SESSION_STATUS',
      slotId,
      status: 'STOPPED',
      reason: 'ALL_CAMERAS_FAILED',
      timestamp: expect.any(String),
      activeCameras: 0,
      failedCameras: 2,
      failedCameraIds: [1, 2],
    });
    expect((await s.stop(slotId)).status).toBe(404);
  });

  it('begin with the cameras that are there, and not at all with none', async () => {
    cameras.camera('other').die();
    const some = await begin({ cameras: at('class', 'other') });
    expect(some.answer.body.data).toMatchObject({ totalCameras: 2, activeCameras: 1, failedCameras: 1 });
    const none = await begin({ cameras: at('other') });
    expect(none.answer.body).toMatchObject({ status: 500, code: 'ALL_CAMERAS_FAILED' });
    cameras.camera('other').revive();
    expect((await begin({ slotId: none.slotId, cameras: at('other') })).answer.status).toBe(200);
  });

  it('take nobody for alive who is not, where that is asked for', async () => {
    const { slotId } = await begin({
      students: [PEOPLE.notAlive, 3],
      cameras: at('photo'),
      config: { requireLiveness: true },
    });
    await waitFor('the one who is', () => told().length === 1);
    const { framesScanned } = (await s.session(slotId)).cameras[0];
    await waitFor(
      'more looks',
      async () => (await s.session(slotId)).cameras[0].framesScanned > framesScanned,
    );
    expect(told()).toEqual([103]);
  });

  it('are no more than they may be', async () => {
    await begin();
    await begin();
    expect((await begin()).answer.body).toMatchObject({ status: 429, code: 'TOO_MANY_SESSIONS' });
    expect((await s.call('GET', '/api/v1/recognition/sessions')).body.data).toHaveLength(2);
    expect((await s.call('GET', '/api/v1/health', undefined, {})).body).toMatchObject({
      service: 'recognition-service',
      status: 'healthy',
      activeSessions: 2,
      backend: 'colours',
      model: { name: 'colour-faces', dimension: 16 },
    });
  });

  it('are announced: their beginning, who was seen, what became of cameras, their end', async () => {
    const { slotId } = await begin({ students: [0] });
    await waitFor('the callback', () => told().length === 1);
    await s.stop(slotId);
    const events = await waitFor('the events', async () => {
      const all = (await s.events()).filter(({ payload }) => payload['slotId'] === slotId);
      return all.length >= 3 ? all : undefined;
    });
    expect(events.map(({ subject }) => subject.replace(/\.[^.]*$/, ''))).toEqual([
      'teleop.recognition.session.started.v1',
      'teleop.recognition.recognized.v1',
      'teleop.recognition.session.stopped.v1',
    ]);
    expect(events[1]!.payload).toMatchObject({ studentUserId: 100, cameraId: 1, roomId: 7 });
    expect(events[2]!.payload).toMatchObject({ reason: 'REQUESTED', totalRecognitions: 1 });
  });

  it('show the picture that they took themselves', async () => {
    const { slotId } = await begin({ students: [0], callbackType: 'EXAM' });
    await waitFor('the callback', () => told().length === 1);
    await s.stop(slotId);
    await begin({ slotId, students: [0] });
    await waitFor('it again', () => told().length === 2);
    const { recognitions } = await s.session(slotId);
    expect(recognitions[0].evidenceUrl).toContain(`/${slotId}/100_SE1000.jpg?`);
  });

  it('do not begin with a vector that has no length, and leave its slot free', async () => {
    const slotId = newSlot();
    const body = sessionBody({
      slotId,
      students: [0],
      cameras: at('class'),
      callbackUrl: s.backend.callbackUrl,
    });
    for (const value of [0, 1.7e308]) {
      const students = [{ ...body.students[0], embeddingVector: Array(16).fill(value) }];
      const { body: answer } = await s.process({ ...body, students });
      expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
      expect(answer.errors[0].path).toBe('students.0.embeddingVector');
    }
    expect((await s.process(body)).status).toBe(200);
  });

  it('count what they do', async () => {
    await begin();
    await allTold();
    const text = (await s.call('GET', '/metrics', undefined, {})).body.toString();
    expect(text).toMatch(/recognition_recognitions_total\{[^}]*\} [1-9]/);
    expect(text).toMatch(/recognition_callbacks_total\{[^}]*outcome="taken"[^}]*\} [1-9]/);
    expect(text).toMatch(/recognition_cameras_active\{[^}]*\} 1/);
    expect(text).toMatch(/recognition_sessions\{[^}]*\} 1/);
  });

  async function failures(slotId: number): Promise<number> {
    const [row] = await s.rows<{ failures: number }>(
      `SELECT failures FROM recognition.sessions WHERE slot_id = $1 AND status = 'RUNNING'`,
      [slotId],
    );
    return row!.failures;
  }
});

describe('sessions whose backend or cameras take their time', () => {
  const MOST_MS = 2_000;
  let s: Recognition;
  let cameras: CameraServer;
  /** Takes connections and says nothing. */
  let silent: Server;
  let log = '';
  const logger = Logger.create({
    service: 'recognition-service',
    level: 'info',
    destination: { write: (text: string) => void (log += text) },
  });
  beforeAll(async () => {
    cameras = new CameraServer({ cameras: [{ name: 'class', scene: await room([0]) }] });
    silent = createServer().listen(0, '127.0.0.1');
    const env = {
      CALLBACK_MAX_FAILURES: '100000',
      CALLBACK_MAX_FAILURE_MS: String(MOST_MS),
      CALLBACK_TIMEOUT_MS: '120000',
      CALLBACK_STOP_MS: '60000',
      CAMERA_START_TIMEOUT_MS: '6000',
      SCANS_TO_COUNT: '1',
    };
    [s] = await Promise.all([setupRecognition({ env, logger }), cameras.start()]);
  });
  afterAll(async () => {
    await s.close();
    await cameras.stop();
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
  afterEach(() => {
    s.backend.mood = 'ok';
    s.backend.received.length = 0;
    cameras.camera('class').revive();
  });

  const silentUrl = () => `http://127.0.0.1:${(silent.address() as AddressInfo).port}/x.mjpg`;
  const begin = async (rtspUrls = [cameras.httpUrl('class')], config: object = {}) => {
    const slotId = newSlot();
    const { callbackUrl } = s.backend;
    const all = rtspUrls.map((rtspUrl, at) => ({ id: at + 1, rtspUrl }));
    const body = sessionBody({ slotId, students: [0], cameras: all, callbackUrl, config });
    return { slotId, answer: await s.process(body) };
  };
  const endOf = async (slotId: number) => {
    await waitFor('the end', async () => (await s.session(slotId)) === undefined);
    const sql = 'SELECT status, stop_reason FROM recognition.sessions WHERE slot_id = $1';
    return (await s.rows(sql, [slotId]))[0];
  };

  it('stop when none of their callbacks was taken for so long, however few they were', async () => {
    s.backend.mood = 'failing';
    const began = performance.now();
    const { slotId } = await begin();
    expect(await endOf(slotId)).toEqual({ status: 'STOPPED', stop_reason: 'CALLBACKS_FAILED' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(MOST_MS);
  });

  it('stop in time as well when the backend hangs: an attempt would take two minutes', async () => {
    s.backend.mood = 'hanging';
    const began = performance.now();
    const { slotId } = await begin();
    expect(await endOf(slotId)).toEqual({ status: 'STOPPED', stop_reason: 'CALLBACKS_FAILED' });
    expect(performance.now() - began).toBeGreaterThanOrEqual(MOST_MS);
    expect(s.backend.received).toHaveLength(1);
  });

  it('count whom the backend is just taking when they are stopped', async () => {
    s.backend.mood = 'slow';
    const { slotId } = await begin();
    await waitFor('a callback on its way', () => s.backend.received.length === 1);
    const stopping = s.stop(slotId);
    await waitFor('the cameras to be off', () => cameras.camera('class').connections.size === 0);
    s.backend.mood = 'ok';
    expect((await stopping).body.data).toMatchObject({ totalRecognitions: 1, recognizedStudentIds: [100] });
  });

  it('begin when their first cameras do, however seldom they look', async () => {
    const began = performance.now();
    const { answer } = await begin([silentUrl()], { scanInterval: 60 });
    expect(answer.body).toMatchObject({ status: 500, code: 'ALL_CAMERAS_FAILED' });
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  it('tell of a camera that died while another was still being tried', async () => {
    log = '';
    const beginning = begin([cameras.httpUrl('class'), silentUrl()]);
    await waitFor('its first picture', () => log.includes('"state":"ACTIVE"'));
    cameras.camera('class').die();
    await waitFor('it to be given up', () => log.includes('"state":"DEAD"'));
    const { slotId, answer } = await beginning;
    expect(answer.body.data).toMatchObject({ activeCameras: 1, failedCameras: 1 });
    expect(await endOf(slotId)).toEqual({ status: 'STOPPED', stop_reason: 'ALL_CAMERAS_FAILED' });
    await waitFor('the end to be told', () => s.backend.statuses.length > 0);
    expect(s.backend.statuses).toEqual([
      expect.objectContaining({ slotId, status: 'STOPPED', failedCameraIds: [1, 2] }),
    ]);
  });
});
