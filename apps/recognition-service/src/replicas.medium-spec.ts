import { readdirSync, readFileSync } from 'node:fs';
import { CameraServer } from '@teleop/sim-cameras';
import { waitFor } from './testing/wait-for.spec-support';
import { room } from './testing/room.spec-support';
import { startReplica, type ReplicaProcess } from './testing/replica-process.spec-support';
import { newSlot, sessionBody, setupRecognition, type Recognition } from './testing/service.spec-support';

/** Processes that a parent has left behind are asked for by what they read and write: pipes of ours. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return (
          / \S (\d+) /.exec(readFileSync(`/proc/${name}/stat`, 'utf8').replace(/\(.*\)/, ''))?.[1] ===
          String(pid)
        );
      } catch {
        // It ended between the two looks.
        return false;
      }
    })
    .map(Number);
}

const isFfmpeg = (pid: number): boolean => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes('(ffmpeg)');
  } catch {
    return false;
  }
};

const isThere = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a session with two replicas', () => {
  let s: Recognition;
  let cameras: CameraServer;
  let other: ReplicaProcess | undefined;
  beforeAll(async () => {
    cameras = new CameraServer({ cameras: [{ name: 'class', scene: await room([0, 1]) }] });
    [s] = await Promise.all([setupRecognition({ env: { SCANS_TO_COUNT: '1' } }), cameras.start()]);
  });
  afterAll(async () => {
    await other?.kill9();
    await s.close();
    await cameras.stop();
  });
  beforeEach(() => {
    s.backend.received.length = 0;
    s.backend.mood = 'ok';
  });

  const told = () => s.backend.recognitions.map((one) => one['studentUserId']).sort();
  /** In a process that can be killed; `near`: in a second replica of this one, which can only be stopped. */
  const begin = async (students: readonly number[], near = false): Promise<number> => {
    if (!near) other = await startReplica(s.env);
    const { url } = near ? await s.start() : other!;
    const slotId = newSlot();
    const at = [{ id: 1, rtspUrl: cameras.httpUrl('class') }];
    const body = sessionBody({ slotId, students, cameras: at, callbackUrl: s.backend.callbackUrl });
    const answer = await fetch(`${url}/process-session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': s.config.RECOGNITION_API_KEY },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return slotId;
  };
  const takenOver = (slotId: number) =>
    waitFor(
      'the session to be taken over',
      async () =>
        (await s.call('GET', '/metrics', undefined, {})).body
          .toString()
          .match(/recognition_sessions_taken_over_total\{[^}]*\} [1-9]/) !== null &&
        (await s.session(slotId)) !== undefined,
    );

  it('goes on in the other when one is killed, and nobody is recognised twice', async () => {
    const slotId = await begin([0, 1, 2]);
    await waitFor('two recognitions', () => told().length === 2);
    // Asked elsewhere than where it runs.
    await waitFor(
      'its cameras to be known here too',
      async () => (await s.session(slotId)).cameras[0]?.state === 'ACTIVE',
    );
    const children = childrenOf(other!.pid);
    expect(children).toHaveLength(1);
    await other!.kill9();
    const killedAt = performance.now();
    await takenOver(slotId);
    await cameras.camera('class').show(await room([0, 1, 2]));
    await waitFor('the third', () => told().length === 3);
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    expect(told()).toEqual([100, 101, 102]);
    // Its ffmpeg has nobody left to write to.
    await waitFor('what it left behind to end', () => !children.some(isThere));
    expect((await s.stop(slotId)).body.data.recognizedStudentIds.sort()).toEqual([100, 101, 102]);
  });

  it('is told of by the other what the one could not tell any more', async () => {
    s.backend.mood = 'failing';
    const slotId = await begin([0]);
    await waitFor('a callback that is not taken', () => s.backend.received.length > 0);
    await other!.kill9();
    s.backend.mood = 'ok';
    await waitFor('it to be told', () => told().length === 1);
    expect(new Set(s.backend.received.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect((await s.stop(slotId)).body.data.totalRecognitions).toBe(1);
  });

  it('is handed over at once by one that is asked to stop', async () => {
    const slotId = await begin([0], true);
    await waitFor('the recognition', () => told().length === 1);
    await s.replicas[1]!.close();
    await waitFor('the other to look', async () => {
      const [camera] = (await s.session(slotId)).cameras;
      return camera.state === 'ACTIVE' && camera.framesScanned > 0 && camera.framesScanned < 5;
    });
    expect(told()).toEqual([100]);
    await s.stop(slotId);
  });

  it('is stopped from either', async () => {
    const slotId = await begin([0], true);
    await waitFor('the recognition', () => told().length === 1);
    const cameraProcesses = () => childrenOf(process.pid).filter((pid) => isFfmpeg(pid));
    expect(cameraProcesses()).toHaveLength(1);
    expect((await s.stop(slotId)).body.data).toMatchObject({ slotId, totalRecognitions: 1 });
    await waitFor('its camera to be let go', () => cameraProcesses().length === 0);
    expect((await s.stop(slotId)).status).toBe(404);
  });
});
