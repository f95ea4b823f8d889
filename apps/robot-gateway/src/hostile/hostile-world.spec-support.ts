import { readFileSync } from 'node:fs';
import { sha256Hex } from '@teleop/auth';
import { waitFor } from '@teleop/testing';
import { apiUser } from '../testing/api.spec-support';
import { startGatewayProcess } from '../testing/gateway-process.spec-support';
import { setupGateway } from '../testing/gateway.spec-support';
import { Bystanders } from './bystanders.spec-support';

export const ROBOTS = 40;
/** What a bystander's frames and calls may take meanwhile, in milliseconds. Wide: other tests share the machine. */
const FELT = { p50: 1_000, p95: 2_500, call: 15_000 };
/** Megabytes that the process may grow by under attack, most of which is garbage that was not collected yet. */
const GROWTH_MB = 200;

export const keyOf = (robotId: string) => `key-of-${robotId}`;

/** robot-gateway as a process of its own, with bystanders in it, robots to be hostile with, and a look at its memory. */
export async function hostileWorld(env: Record<string, string> = {}) {
  const gateway = await setupGateway({
    replicas: 0,
    env: { ROBOT_SOCKET_AUTH: 'required', DRIVE_DEADMAN_MS: '3000', ...env },
  });
  const robotIds = ['calm', ...Array.from({ length: ROBOTS }, (_, index) => `bad${index}`)];
  await gateway.pool.query(
    `INSERT INTO robots.robot (robot_id, name, api_key_hash)
     SELECT id, id, hash FROM unnest($1::text[], $2::text[]) AS robot (id, hash)`,
    [robotIds, robotIds.map((robotId) => sha256Hex(keyOf(robotId)))],
  );
  const process = await startGatewayProcess(gateway.env);
  const { url, pid } = process;
  const bystanders = await Bystanders.start(url, 'calm', keyOf('calm'), apiUser('Operator', 'Olga'));
  const memory = (line: string) =>
    Number(new RegExp(`${line}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
  let highest = 0;
  const watch = setInterval(() => (highest = Math.max(highest, memory('VmRSS'))), 50);
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line.startsWith(name));
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  };
  await waitFor('the bystanders to be under way', () => bystanders.measured().frames > 50);
  let baseline = memory('VmRSS');
  return {
    gateway,
    url,
    metric,
    /** From here on the bystanders and the memory are measured. */
    begin: () => {
      bystanders.reset();
      highest = baseline = memory('VmRSS');
    },
    /** The bystanders felt nothing, and the memory stayed bounded. */
    expectCalm: async (what: string) => {
      await waitFor('enough frames to judge by', () => bystanders.measured().frames >= 30);
      const felt = bystanders.measured();
      const growth = Math.round(highest - baseline);
      if (globalThis.process.env['HOSTILE_FIGURES'])
        globalThis.process.stderr.write(
          `${what}: ${JSON.stringify(felt)} RSS ${Math.round(baseline)} + ${growth} MB\n`,
        );
      expect({ what, stops: felt.stops, failures: felt.failures }).toEqual({ what, stops: 0, failures: [] });
      expect(felt.p50).toBeLessThan(FELT.p50);
      expect(felt.p95).toBeLessThan(FELT.p95);
      expect(Math.max(felt.slowestPost, felt.slowestRenewal)).toBeLessThan(FELT.call);
      expect(growth).toBeLessThan(GROWTH_MB);
      return felt;
    },
    close: async () => {
      clearInterval(watch);
      bystanders.stop();
      await process.kill9();
      await gateway.close();
    },
  };
}

export type HostileWorld = Awaited<ReturnType<typeof hostileWorld>>;
