import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFfmpeg } from '@teleop/infra';
import type { CamerasThere, CamerasWish } from '../load/camera-load';
import { spread } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import type { Finding, Reading } from '../report/result';
import type { World } from '../world/world';
import type { Scenario } from './scenario';

const CAMERAS = 8;
const FPS = 5;
const STUDENTS = 30;
const SCAN_INTERVAL_S = 1.5;
const SAMPLE_MS = 5_000;
const [LONG_MS, QUICK_MS] = [600_000, 30_000];

interface Sample {
  readonly serviceMb: number;
  readonly readersMb: number;
}

interface LiveCamera {
  readonly state: string;
  readonly framesRead: number;
  readonly framesScanned: number;
  readonly facesSeen: number;
}

/** Eight cameras of 1080p with five people each, looked at all the time by one service. */
export const cameras: Scenario = {
  name: 'cameras',
  needs: ['recognition-service'],
  async run(world, { quick, progress }) {
    const databaseUrl = await world.migrated('cameras', ['recognition-service']);
    const ffmpeg = await findFfmpeg();
    const env = { FFMPEG_PATH: ffmpeg.file, FFMPEG_LIBRARY_PATH: ffmpeg.libraryPath };
    const service = await world.service('recognition-service', databaseUrl, env);
    const emptyMb = memoryOf(service.pid).nowMb;
    const load = world.worker(require.resolve('../load/camera-load'));
    const wish: CamerasWish = { cameras: CAMERAS, fps: FPS };
    const there = await load.call<CamerasThere>('start', wish);
    await begin(world, service.url, there);
    const forMs = quick ? QUICK_MS : LONG_MS;
    const samples: Sample[] = [];
    const cpuBefore = cpuMsOf(service.pid);
    const until = performance.now() + forMs;
    while (performance.now() < until) {
      await sleep(SAMPLE_MS);
      samples.push(sampleOf(service.pid));
      progress(`${samples.length * (SAMPLE_MS / 1_000)} s: ${samples.at(-1)!.serviceMb.toFixed(0)} MB`);
    }
    const cpu = ((cpuMsOf(service.pid) - cpuBefore) / forMs) * 100;
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    const live = await camerasOf(world, service.url);
    const minutes = forMs / 60_000;
    const findings: Finding[] = [
      {
        what: 'frames looked at that were older than two scan intervals',
        unit: '',
        value: spread([olderThanTwoIntervals(metrics)]),
        goal: { most: 0 },
      },
      {
        what: 'growth of RSS, last third over the second',
        unit: 'x',
        value: spread([growthOf(samples)]),
        goal: { most: 1.1 },
      },
      {
        what: 'ffmpeg, RSS a camera',
        unit: 'MB',
        value: spread(samples.map(({ readersMb }) => readersMb / CAMERAS)),
      },
    ];
    const readings: Reading[] = [
      {
        of: 'recognition-service',
        figures: {
          'RSS empty MB': emptyMb,
          'RSS MB': samples.at(-1)!.serviceMb,
          'of it a camera MB': (samples.at(-1)!.serviceMb - emptyMb) / CAMERAS,
          'CPU %': cpu,
          'cameras active': live.filter(({ state }) => state === 'ACTIVE').length,
          'looks a camera and minute': mean(live.map(({ framesScanned }) => framesScanned)) / minutes,
          'faces a look': mean(
            live.map(({ facesSeen, framesScanned }) => facesSeen / Math.max(1, framesScanned)),
          ),
          'dropped as too old': valueOf(
            metrics,
            /recognition_frames_total\{[^}]*outcome="too_old"[^}]*\} (\S+)/,
          ),
          'mean age ms':
            (valueOf(metrics, /recognition_frame_age_seconds_sum\{[^}]*\} (\S+)/) /
              Math.max(1, scanned(metrics))) *
            1_000,
        },
      },
    ];
    return [
      {
        scenario: 'cameras',
        method: `${CAMERAS} RTSP cameras, 1080p, ${FPS} pictures a second, five people each, a class of ${STUDENTS}, a look every ${SCAN_INTERVAL_S} s; ${forMs / 1_000} s`,
        findings,
        readings,
        notes: quick ? ['quick: memory has not settled after half a minute'] : [],
      },
    ];
  },
};

async function begin(world: World, url: string, { rtspUrls, callbackUrl }: CamerasThere): Promise<void> {
  const { model } = (await (await fetch(`${url}/api/v1/health`)).json()) as { model: { dimension: number } };
  const students = Array.from({ length: STUDENTS }, (_, at) => ({
    userId: at + 1,
    fullName: `Student ${at + 1}`,
    rollNumber: `SE${at + 1}`,
    // Nobody in the picture: what is measured is looking, not telling.
    embeddingVector: Array.from({ length: model.dimension }, (_unused, i) => Math.sin(at * 997 + i * 13)),
  }));
  const body = {
    slotId: 1,
    roomId: 1,
    mode: 'INITIAL',
    callbackType: 'REGULAR',
    students,
    cameras: rtspUrls.map((rtspUrl, at) => ({ id: at + 1, name: `camera ${at + 1}`, rtspUrl })),
    config: { scanInterval: SCAN_INTERVAL_S, callbackUrl },
  };
  const answer = await fetch(`${url}/process-session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': world.secrets.RECOGNITION_API_KEY },
    body: JSON.stringify(body),
  });
  if (answer.status !== 200) throw new Error(`the session did not begin: ${await answer.text()}`);
}

async function camerasOf(world: World, url: string): Promise<LiveCamera[]> {
  const headers = { 'x-api-key': world.secrets.RECOGNITION_API_KEY };
  const answer = await fetch(`${url}/api/v1/recognition/sessions/1`, { headers });
  return ((await answer.json()) as { data: { cameras: LiveCamera[] } }).data.cameras;
}

function sampleOf(pid: number): Sample {
  const readers = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid);
  return {
    serviceMb: memoryOf(pid).nowMb,
    readersMb: readers.reduce((sum, reader) => sum + memoryOf(Number(reader)).nowMb, 0),
  };
}

function parentOf(name: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended between the two looks.
    return undefined;
  }
}

function growthOf(samples: readonly Sample[]): number {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const rss = (part: readonly Sample[]): number => mean(part.map(({ serviceMb }) => serviceMb));
  return rss(samples.slice(-third)) / rss(samples.slice(-2 * third, -third));
}

const scanned = (metrics: string): number =>
  valueOf(metrics, /recognition_frame_age_seconds_count\{[^}]*\} (\S+)/);

function olderThanTwoIntervals(metrics: string): number {
  const limit = String(SCAN_INTERVAL_S * 2);
  const within = valueOf(
    metrics,
    new RegExp(`recognition_frame_age_seconds_bucket\\{[^}]*le="${limit}"[^}]*\\} (\\S+)`),
  );
  return scanned(metrics) - within;
}

function valueOf(metrics: string, pattern: RegExp): number {
  return Number(pattern.exec(metrics)?.[1] ?? 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
