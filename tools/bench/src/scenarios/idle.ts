import { setTimeout as sleep } from 'node:timers/promises';
import { spread } from '../measure/compare';
import { cpuMsOf, memoryOf } from '../measure/memory';
import type { Finding, Reading } from '../report/result';
import { isBuilt } from '../world/service';
import type { Scenario } from './scenario';

const SERVICES = [
  'api-gateway',
  'queue-service',
  'vision-service',
  'recognition-service',
  'robot-gateway',
  'pairing-service',
  'teach-service',
] as const;
const IDLE_MS = 20_000;

/** What each service costs while nobody asks anything of it. */
export const idle: Scenario = {
  name: 'idle',
  needs: ['queue-service'],
  async run(world, { progress }) {
    const built = SERVICES.filter(isBuilt);
    const databaseUrl = await world.migrated(
      'idle',
      built.filter((name) => name !== 'api-gateway'),
    );
    const findings: Finding[] = [];
    const readings: Reading[] = [];
    const urls: Record<string, string> = {};
    // The gateway last: it asks the others.
    for (const name of [...built].reverse()) {
      const service = await world.starting(name, databaseUrl, urls);
      const readyMs = await service.ready();
      urls[`${name.toUpperCase().replaceAll('-', '_')}_URL`] = service.url;
      const before = cpuMsOf(service.pid);
      await sleep(IDLE_MS);
      const { nowMb, peakMb } = memoryOf(service.pid);
      progress(`${name}: ready after ${Math.round(readyMs)} ms, ${nowMb.toFixed(0)} MB`);
      findings.push({ what: `${name}, RSS idle`, unit: 'MB', value: spread([nowMb]), goal: { most: 140 } });
      readings.push({
        of: name,
        figures: {
          'ready after ms': readyMs,
          'RSS MB': nowMb,
          'peak MB': peakMb,
          'CPU idle %': ((cpuMsOf(service.pid) - before) / IDLE_MS) * 100,
        },
      });
    }
    const bare = world.worker(require.resolve('../floors/queue-floor'), { DATABASE_URL: databaseUrl });
    await bare.call('listen');
    await sleep(2_000);
    readings.push({ of: 'floor: node:http + pg', figures: { 'RSS MB': memoryOf(bare.pid).nowMb } });
    return [
      {
        scenario: 'idle',
        method: `each service in production mode, ${IDLE_MS / 1_000} s after it was ready, without load`,
        findings,
        readings,
      },
    ];
  },
};
