import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FleetOptions } from '../fleet';
import { readSettings } from './settings';

function read(args: string, env: NodeJS.ProcessEnv = {}): FleetOptions {
  const settings = readSettings(args.split(' ').filter(Boolean), env);
  if (settings.help) throw new Error('help was not asked for');
  return settings.fleet;
}
const keyOf = ({ apiKey }: FleetOptions, robotId: string) =>
  typeof apiKey === 'function' ? apiKey(robotId) : apiKey;

describe('what the program is told', () => {
  it('is the source’s robot when nothing is said', () => {
    const fleet = read('');
    expect(fleet).toMatchObject({
      url: 'http://127.0.0.1:3104',
      robotIds: ['table1'],
      server: { host: '0.0.0.0', port: 8_000 },
      faults: { deaf: false, dieMidRoute: null },
    });
    expect([keyOf(fleet, 'table1'), fleet.announce]).toEqual(['secret-robot-key', undefined]);
  });

  it('comes from the environment, and from flags before that', () => {
    const env = {
      ROBOT_ID: 'table2',
      ROBOT_API_KEY: 'demo-key-table2',
      ROBOT_GATEWAY_URL: 'http://g',
      ROBOT_PORT: '0',
    };
    expect(read('', env)).toMatchObject({ url: 'http://g', robotIds: ['table2'], server: { port: 0 } });
    expect(read('--robot table9 --port 7', env)).toMatchObject({ robotIds: ['table9'], server: { port: 7 } });
    expect(keyOf(read('', env), 'table2')).toBe('demo-key-table2');
  });

  it('counts robots on, each with a key of its own', () => {
    const fleet = read('--robot table2 --count 3 --key key-{id}');
    expect(fleet.robotIds).toEqual(['table2', 'table3', 'table4']);
    expect(keyOf(fleet, 'table3')).toBe('key-table3');
    expect(read('--robot load --count 2').robotIds).toEqual(['load1', 'load2']);
  });

  it('takes every fault', () => {
    const faults =
      '--lie idle,position --lag telemetryMs=200,jitterMs=50 --drop acks=0.5 --reconnect 30 --deaf --die 0.4';
    expect(read(faults).faults).toEqual({
      lie: { idle: true, position: true },
      lag: { telemetryMs: 200, jitterMs: 50 },
      drop: { acks: 0.5 },
      reconnectEverySeconds: 30,
      deaf: true,
      dieMidRoute: 0.4,
    });
  });

  it('has all capabilities, or those that are named', () => {
    expect(read('').capabilities).toBeUndefined();
    expect(read('--capabilities hasGrip').capabilities).toEqual({
      hasGrip: true,
      hasRotate: false,
      hasTelescope: false,
      hasHoist: false,
    });
    expect(Object.values(read('', { ROBOT_CAPABILITIES: 'none' }).capabilities ?? {})).not.toContain(true);
    expect(() => read('--capabilities hasWings')).toThrow('--capabilities: hasWings is none of');
  });

  it('reads a map and where to announce', () => {
    const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'table-map-')), 'map.json');
    writeFileSync(file, '{"name":"m","nodes":[{"id":"a","x":0,"y":0}],"paths":[]}');
    expect(read(`--map ${file}`).map?.nodes).toEqual([{ id: 'a', x: 0, y: 0 }]);
    expect(read('--announce 127.0.0.1:4000').announce).toEqual({ address: '127.0.0.1', port: 4_000 });
    expect(read('--announce 10.0.0.255').announce).toEqual({ address: '10.0.0.255', port: 3_001 });
  });

  it.each([
    ['--speed fast', '--speed must be a number'],
    ['--lie everything', '--lie: everything is none of idle, position, command'],
    ['--lag commandsMs', '--lag commandsMs must be a number'],
    ['--firmware newest', '--firmware: newest is none of new, old'],
    ['--bogus', '--bogus'],
  ])('is refused by name: %s', (args, message) => {
    expect(() => read(args)).toThrow(message);
  });
});
