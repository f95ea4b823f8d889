import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CameraServer } from '@teleop/sim-cameras';
import { waitFor } from '../testing/wait-for.spec-support';
import sharp from 'sharp';
import { room } from '../testing/room.spec-support';
import { newSlot, sessionBody, setupRecognition, type Recognition } from '../testing/service.spec-support';

const SECRET = 's3cret-of-the-camera';

/** Our own ffmpeg processes, dead ones that nobody has waited for included. */
function ffmpegs(): { pid: number; state: string; commandLine: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, command = '', state = '', parent = ''] =
          /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        if (command !== 'ffmpeg' || Number(parent) !== process.pid) return [];
        return [{ pid: Number(name), state, commandLine: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
      } catch {
        // It ended between the two looks.
        return [];
      }
    });
}

describe('cameras', () => {
  let s: Recognition;
  let cameras: CameraServer;
  let redirects: Server;
  const onlooker = () => `http://127.0.0.1:${(redirects.address() as AddressInfo).port}`;
  beforeAll(async () => {
    cameras = new CameraServer({
      cameras: [{ name: 'door', scene: await room([0]), fps: 10, credentials: `admin:${SECRET}` }],
    });
    redirects = createServer((request, response) => {
      const target = new URLSearchParams(request.url?.split('?')[1]).get('to') ?? '';
      response.writeHead(302, { location: target }).end();
    });
    redirects.listen(0, '127.0.0.1');
    [s] = await Promise.all([setupRecognition({ env: { CAMERA_TEST_MS: '700' } }), cameras.start()]);
  });
  afterAll(async () => {
    await s.close();
    await cameras.stop();
    await new Promise((resolve) => redirects.close(resolve));
  });
  afterEach(async () => {
    cameras.camera('door').revive();
    await waitFor('no ffmpeg to be left', () => ffmpegs().length === 0);
  });

  const ask = (call: string, url: string, timeout = 8) =>
    s.call(
      'GET',
      `/api/v1/cameras/${call}?${new URLSearchParams({ rtspUrl: url, timeout: String(timeout) }).toString()}`,
    );

  it.each([
    ['RTSP', () => cameras.rtspUrl('door')],
    ['MJPEG', () => cameras.httpUrl('door')],
    ['MP4', () => cameras.httpUrl('door', 'mp4')],
    ['HLS', () => cameras.httpUrl('door', 'hls')],
  ])('are tested over %s', async (_, url) => {
    const { status, body } = await ask('test-connection', url());
    expect([status, body.status]).toEqual([200, 200]);
    expect(body.data).toEqual({
      connected: true,
      frameRate: expect.any(Number),
      resolution: '640x360',
      latency: expect.any(Number),
      stability: 'stable',
      testedAt: expect.stringMatching(/Z$/),
    });
    expect(body.data.frameRate).toBeGreaterThan(3);
    expect(body.data.latency).toBeGreaterThan(0);
  });

  it('give one picture', async () => {
    const { body } = await ask('capture-frame', cameras.httpUrl('door'));
    expect(body.data).toEqual({
      image: expect.stringMatching(/^data:image\/jpeg;base64,/),
      resolution: '640x360',
      capturedAt: expect.stringMatching(/Z$/),
    });
    const { width, height } = await sharp(Buffer.from(body.data.image.split(',')[1], 'base64')).metadata();
    expect([width, height]).toEqual([640, 360]);
  });

  it('that are files are played in development', async () => {
    const file = path.join(os.tmpdir(), `camera-${process.pid}.mp4`);
    await writeFile(file, await cameras.camera('door').loop.mp4());
    const { body } = await ask('test-connection', pathToFileURL(file).href);
    expect(body.data).toMatchObject({ connected: true, resolution: '640x360' });
  });

  it('that are not there, or will not have us, are not connected', async () => {
    const wrong = cameras.rtspUrl('door').replace(SECRET, 'wrong');
    for (const url of [
      'rtsp://127.0.0.1:1/x',
      'http://127.0.0.1:1/x',
      wrong,
      'rtsp://no.such.host.invalid/x',
    ]) {
      const tested = await ask('test-connection', url);
      expect([tested.status, tested.body.data]).toEqual([
        200,
        expect.objectContaining({ connected: false, frameRate: null, latency: null, stability: 'unstable' }),
      ]);
    }
    const captured = await ask('capture-frame', wrong);
    expect(captured.body).toMatchObject({ status: 422, code: 'CAMERA_UNREACHABLE' });
    expect(captured.body.message).toContain('credentials refused');
    expect(JSON.stringify(captured.body)).not.toContain('wrong');
  });

  it('may have passwords that encode nothing, and be sent on by them, without ending more than themselves', async () => {
    const odd = 'http://admin:100%pass@127.0.0.1:1/x';
    const sent = `${onlooker()}/?${new URLSearchParams({ to: 'http://a%zz:b@127.0.0.1:1/x' }).toString()}`;
    for (const url of [odd, sent]) {
      expect((await ask('test-connection', url)).body.data).toMatchObject({ connected: false });
      expect((await ask('capture-frame', url)).body.code).toBe('CAMERA_UNREACHABLE');
    }
    const slotId = newSlot();
    const urls = [odd, sent, cameras.httpUrl('door')].map((rtspUrl, at) => ({ id: at + 1, rtspUrl }));
    const { callbackUrl } = s.backend;
    const { body } = await s.process(sessionBody({ slotId, students: [0], cameras: urls, callbackUrl }));
    expect(body.data).toMatchObject({ activeCameras: 1, failedCameras: 2 });
    await s.stop(slotId);
  });

  it('are given up when they stand still from the start', async () => {
    cameras.camera('door').freeze();
    const began = performance.now();
    const { body } = await ask('test-connection', cameras.rtspUrl('door'), 1);
    expect(body.data.connected).toBe(false);
    expect(performance.now() - began).toBeLessThan(6_000);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'rtsp://169.254.1.1/stream',
    'http://[fe80::1]/x',
    'http://[::ffff:169.254.169.254]/x',
    'http://2852039166/x',
    'http://metadata.google.internal/computeMetadata/v1',
    'http://0.0.0.0/x',
    'ftp://camera/x',
    'gopher://camera/x',
    'concat:/etc/passwd',
    'rtsp://',
    'not a url',
    "http://camera/x\nfile '/etc/passwd'",
  ])('are not looked for at %s', async (url) => {
    for (const call of ['test-connection', 'capture-frame']) {
      const { body } = await ask(call, url);
      expect(body).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
      expect(body.errors[0].path).toBe('rtspUrl');
    }
  });

  it('cannot send us where their URL itself could not', async () => {
    const to = (target: string) => `${onlooker()}/?${new URLSearchParams({ to: target }).toString()}`;
    for (const target of [
      'http://169.254.169.254/latest',
      'file:///etc/passwd',
      'rtsp://169.254.169.254/x',
    ]) {
      const { body } = await ask('capture-frame', to(target));
      expect(body).toMatchObject({ status: 422, code: 'CAMERA_UNREACHABLE' });
    }
    expect((await ask('capture-frame', to(cameras.httpUrl('door')))).status).toBe(200);
  });

  it('of a session show no credentials in a list of processes, and leave no process behind', async () => {
    const slotId = newSlot();
    const urls = [cameras.rtspUrl('door'), cameras.httpUrl('door')].map((rtspUrl, at) => ({
      id: at + 1,
      rtspUrl,
    }));
    await s.process(
      sessionBody({ slotId, students: [0], cameras: urls, callbackUrl: s.backend.callbackUrl }),
    );
    expect(ffmpegs()).toHaveLength(2);
    for (const { commandLine } of ffmpegs()) {
      expect(commandLine).toContain('pipe:0');
      expect(commandLine).not.toContain(SECRET);
    }
    // One that is killed, and one that stands still: both are missed, buried and connected again.
    const [first] = ffmpegs();
    execFileSync('kill', ['-9', String(first!.pid)]);
    await waitFor(
      'another in its place',
      () => ffmpegs().filter(({ pid }) => pid !== first!.pid).length === 2,
    );
    cameras.camera('door').freeze();
    await waitFor('them to be missed', async () => {
      const { cameras: live } = await s.session(slotId);
      return live.every((camera: { state: string }) => camera.state !== 'ACTIVE');
    });
    cameras.camera('door').revive();
    await waitFor('them to be back', async () => {
      const { cameras: live } = await s.session(slotId);
      return live.every((camera: { state: string }) => camera.state === 'ACTIVE');
    });
    expect(ffmpegs().filter(({ state }) => state === 'Z')).toEqual([]);
    await s.stop(slotId);
    expect(ffmpegs()).toEqual([]);
  });
});
