import { getEventListeners } from 'node:events';
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import os from 'node:os';
import path from 'node:path';
import type { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import type { Frame, RecognitionEngine } from './engine';
import { BadFrame, EngineBusy, EngineClosed, NoBackend, WorkerDied } from './errors';
import { startEngine } from './start-engine';
import { cosine, frameOf, photograph, PHOTOGRAPHS, settings } from './testing/photographs.spec-support';
import type { EngineThread } from './workers/engine-thread';

const half = (name: string) => photograph(name).resize({ width: 960 });
const copy = (frame: Frame): Frame => ({ ...frame, rgb: Uint8Array.from(frame.rgb) });
const threadsOf = (engine: RecognitionEngine) =>
  (engine as unknown as { threads: Set<EngineThread> }).threads;

/** What no thread expects: an exception that nobody catches. */
const crash = (thread: EngineThread) => (thread as unknown as { worker: Worker }).worker.postMessage(null);

describe('the engine', () => {
  let engine: RecognitionEngine;
  let picture: Frame;

  beforeAll(async () => {
    engine = await startEngine(settings());
    picture = await frameOf(half('sample1.jpg'));
  });
  afterAll(() => engine.close());

  it('runs on ONNX Runtime where it is there, and says what it runs', () => {
    expect(engine.info).toEqual({
      backend: 'onnx',
      model: { name: 'dlib-resnet34', version: expect.stringMatching(/^\d+\.\d+/), dimension: 128 },
      detector: expect.stringContaining('blazeface'),
      threads: 2,
    });
  });

  it('finds every face of the photographs, and hardly another', async () => {
    const found: number[] = [];
    for (const { name } of PHOTOGRAPHS) {
      const { faces } = await engine.analyse(await frameOf(photograph(name)));
      found.push(faces.length);
    }
    PHOTOGRAPHS.forEach((one, i) => expect(found[i]).toBeGreaterThanOrEqual(one.faces));
    const people = PHOTOGRAPHS.reduce((sum, one) => sum + one.faces, 0);
    expect(found.reduce((sum, faces) => sum + faces, 0)).toBeLessThanOrEqual(people + 1);
  });

  it('says where eyes, nose and mouth are, within the box and in their order', async () => {
    const { faces } = await engine.analyse(copy(picture));
    for (const { box, landmarks } of faces) {
      const [left, right, nose, mouth] = landmarks as [number, number][] as [
        [number, number],
        [number, number],
        [number, number],
        [number, number],
      ];
      expect(left[0]).toBeLessThan(right[0]);
      expect(nose[1]).toBeGreaterThan((left[1] + right[1]) / 2);
      expect(mouth[1]).toBeGreaterThan(nose[1]);
      for (const [x, y] of landmarks) {
        expect(x).toBeGreaterThan(box.x - box.width * 0.1);
        expect(x).toBeLessThan(box.x + box.width * 1.1);
        expect(y).toBeGreaterThan(box.y - box.height * 0.1);
        expect(y).toBeLessThan(box.y + box.height * 1.1);
      }
    }
  });

  it('knows a face again when it is smaller, darker and mirrored, and tells it from others', async () => {
    const { faces } = await engine.analyse(copy(picture));
    const changed = half('sample1.jpg').resize({ width: 480 }).flop().linear(0.8, 0);
    const again = await engine.analyse(await frameOf(changed));
    expect(again.faces).toHaveLength(faces.length);
    for (const face of faces) {
      const cosines = again.faces.map((other) => cosine(face.embedding ?? [], other.embedding ?? []));
      const middle = face.box.x + face.box.width / 2;
      const same = again.faces.findIndex(
        ({ box }) => Math.abs(480 - (box.x + box.width / 2) - middle / 2) < box.width / 2,
      );
      expect(cosines[same]).toBeGreaterThan(0.93);
      cosines.forEach((other, i) => i === same || expect(other).toBeLessThan(0.92));
    }
  });

  it('gives vectors of length one, and the frame back', async () => {
    const before = Uint8Array.from(picture.rgb);
    const sent = copy(picture);
    const { faces, frame, millis } = await engine.analyse(sent);
    expect(sent.rgb).toHaveLength(0);
    expect(Buffer.compare(frame.rgb, before)).toBe(0);
    expect(millis).toBeGreaterThan(0);
    for (const { embedding } of faces) {
      expect(embedding).toHaveLength(128);
      expect(Math.hypot(...(embedding ?? []))).toBeCloseTo(1, 5);
    }
  });

  it('does not empty a buffer that others share', async () => {
    const whole = new Uint8Array(picture.rgb.length + 64);
    whole.set(picture.rgb, 64);
    const { faces } = await engine.analyse({ ...picture, rgb: whole.subarray(64) });
    expect(faces).toHaveLength(3);
    expect(Buffer.compare(whole.subarray(64), picture.rgb)).toBe(0);
  });

  it('embeds no face that is small, blurred or in the dark, and says so in its quality', async () => {
    const blurred = await engine.analyse(await frameOf(half('sample1.jpg').blur(9)));
    const dark = await engine.analyse(await frameOf(half('sample1.jpg').linear(0.07, 0)));
    const small = await engine.analyse(await frameOf(photograph('sample1.jpg').resize({ width: 230 })));
    const poor = [...blurred.faces, ...dark.faces, ...small.faces];
    expect(small.faces.length).toBeGreaterThan(0);
    expect(blurred.faces.length + dark.faces.length).toBeGreaterThan(0);
    for (const { embedding, liveness, quality } of poor) {
      expect({ embedding, liveness }).toEqual({ embedding: null, liveness: null });
      expect(quality.overall).toBeLessThan(0.31);
    }
  });

  it('measures liveness where it is asked for, and only there', async () => {
    const asked = await engine.analyse(copy(picture), { liveness: true });
    const not = await engine.analyse(copy(picture));
    expect(not.faces.map((face) => face.liveness)).toEqual([null, null, null]);
    for (const { liveness } of asked.faces) {
      expect(liveness).toBeGreaterThan(0);
      expect(liveness).toBeLessThanOrEqual(1);
    }
    expect(new Set(asked.faces.map((face) => face.liveness)).size).toBe(3);
  });

  it('finds nobody in an empty room', async () => {
    const room = sharp({ create: { width: 1_280, height: 720, channels: 3, background: '#8a8578' } });
    expect((await engine.analyse(await frameOf(room))).faces).toEqual([]);
  });

  it.each([
    [{ width: 4, height: 4, rgb: new Uint8Array(47) }, '47 bytes for 4 × 4'],
    [{ width: 0, height: 4, rgb: new Uint8Array(0) }, '0 × 4'],
    [{ width: 1.5, height: 2, rgb: new Uint8Array(9) }, '1.5 × 2'],
    [{ width: 1e9, height: 1e9, rgb: new Uint8Array(9) }, '1000000000 × 1000000000'],
  ])('refuses a frame whose sizes do not agree (%#)', async (frame, reason) => {
    await expect(engine.analyse(frame)).rejects.toThrow(BadFrame);
    await expect(engine.analyse(frame)).rejects.toThrow(reason);
  });

  it.each([
    [1, 1],
    [3, 700],
    [33, 31],
  ])('takes a frame of %i × %i as it is', async (width, height) => {
    const { faces } = await engine.analyse({ width, height, rgb: new Uint8Array(width * height * 3) });
    expect(faces).toEqual([]);
  });

  it('takes a frame that waits out of the queue when it is given up, and drops the answer of one in hand', async () => {
    const stop = new AbortController();
    const frames = Array.from({ length: 5 }, () => engine.analyse(copy(picture), { signal: stop.signal }));
    const ended = Promise.allSettled(frames);
    stop.abort(new Error('the session ended'));
    for (const one of await ended)
      expect(one).toMatchObject({ status: 'rejected', reason: { message: 'the session ended' } });
    await expect(engine.analyse(copy(picture), { signal: stop.signal })).rejects.toThrow('the session ended');
    expect((await engine.analyse(copy(picture))).faces).toHaveLength(3);
  });

  it('leaves nothing behind on a signal that outlives its frames', async () => {
    const { signal } = new AbortController();
    await engine.analyse(copy(picture), { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('leaves the event loop free while all its threads infer', async () => {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const frames = Array.from({ length: 6 }, () => copy(picture));
    delay.enable();
    await Promise.all(frames.map((frame) => engine.analyse(frame)));
    delay.disable();
    // Bench measures the percentiles; here: far less than one inference on the loop would take.
    expect(delay.percentile(50) / 1e6).toBeLessThan(20);
  });

  it('replaces a thread that dies: the frame in its hands is refused, those that wait are not', async () => {
    const before = new Set(threadsOf(engine));
    const frames = Array.from({ length: 4 }, () => engine.analyse(copy(picture)));
    const settled = Promise.allSettled(frames);
    for (const thread of before) crash(thread);
    const ends = await settled;
    const refused = ends.filter((end) => end.status === 'rejected');
    expect(refused.map((end) => end.reason)).toEqual([expect.any(WorkerDied), expect.any(WorkerDied)]);
    expect(String(refused[0]?.reason)).toContain('Cannot read properties of null');
    for (const end of ends) if (end.status === 'fulfilled') expect(end.value.faces).toHaveLength(3);
    for (const thread of threadsOf(engine)) expect(before.has(thread)).toBe(false);
  });
});

describe('an engine with one thread', () => {
  it('refuses frames beyond its queue, those that wait when it closes and all after; the one in hand is finished', async () => {
    const picture = await frameOf(half('sample2.jpg'));
    const engine = await startEngine(settings({ threads: 1, maxWaiting: 1 }));
    const [first, second] = [engine.analyse(copy(picture)), engine.analyse(copy(picture))];
    await expect(engine.analyse(copy(picture))).rejects.toThrow(EngineBusy);
    const refused = expect(second).rejects.toThrow(EngineClosed);
    const closed = engine.close();
    await refused;
    expect((await first).faces.length).toBeGreaterThan(1);
    await closed;
    await expect(engine.analyse(copy(picture))).rejects.toThrow(EngineClosed);
    await engine.close();
  });

  it('ends a thread that does not answer in time, and goes on with another', async () => {
    const picture = await frameOf(half('sample2.jpg'));
    const engine = await startEngine(settings({ threads: 1, frameTimeoutMs: 1 }));
    await expect(engine.analyse(copy(picture))).rejects.toThrow('no answer in 1 ms');
    await expect(engine.analyse(copy(picture))).rejects.toThrow('no answer in 1 ms');
    await engine.close();
  });
});

describe('the backend', () => {
  it('of Human on WASM finds the same faces with the same vectors', async () => {
    const frame = await frameOf(half('sample3.jpg'));
    const [onnx, wasm] = await Promise.all([
      startEngine(settings({ threads: 1, backend: 'onnx' })),
      startEngine(settings({ threads: 1, backend: 'human-wasm' })),
    ]);
    expect(wasm.info).toEqual({ ...onnx.info, backend: 'human-wasm' });
    const [a, b] = [await onnx.analyse(copy(frame)), await wasm.analyse(copy(frame))];
    expect(b.faces).toHaveLength(a.faces.length);
    a.faces.forEach((face, i) => {
      expect(b.faces[i]?.box.x).toBeCloseTo(face.box.x, 1);
      expect(cosine(b.faces[i]?.embedding ?? [], face.embedding ?? [])).toBeGreaterThan(0.999_9);
    });
    await Promise.all([onnx.close(), wasm.close()]);
  });

  it('is the next where one does not start; where none does, each says why', async () => {
    const file = path.join(os.tmpdir(), `no-model-${process.pid}.onnx`);
    writeFileSync(file, 'this is no model');
    const error = await startEngine(settings({ embeddingModel: `onnx:${file}` })).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NoBackend);
    const message = (error as Error).message;
    expect(message).toMatch(/onnx: .+; tfjs-node: .+; human-wasm: .*cannot read .*no-model/);
  });

  it.each([
    ['embeddingModel', 'EMBEDDING_MODEL'],
    ['detector', 'FACE_DETECTOR'],
  ])('refuses a setting %s that is no file by its name', async (key, name) => {
    const started = startEngine(settings({ backend: 'onnx', [key]: 'arcface' }));
    await expect(started).rejects.toThrow(`${name} must be "default" or "onnx:<file>", not "arcface"`);
  });
});
