import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { noFaults, type FaultChanges } from '../faults/faults';
import type { FleetOptions } from '../fleet';
import { parseMap } from '../map/robot-map';
import { ALL_CAPABILITIES, type Firmware } from '../options';
import { fetchAndBring } from '../teaching/lesson';
import { FLAGS } from './usage';

export class BadFlagError extends Error {}

export type Settings = { readonly help: true } | { readonly help: false; readonly fleet: FleetOptions };

type Values = Readonly<Record<string, string | boolean | undefined>>;

/** What the program was told, flags before environment. Throws an error that names the flag when it makes no sense. */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const given = parseArgs({ args: [...args], options: FLAGS, strict: true }).values as Values;
  if (given['help'] === true) return { help: true };
  const text = (flag: string, variable: string, fallback: string): string =>
    textOf(given[flag]) ?? (env[variable] || fallback);
  const map = textOf(given['map']) ?? env['ROBOT_MAP'];
  const key = text('key', 'ROBOT_API_KEY', 'secret-robot-key');
  const port = number('port', text('port', 'ROBOT_PORT', '8000'));
  return {
    help: false,
    fleet: {
      url: text('url', 'ROBOT_GATEWAY_URL', 'http://127.0.0.1:3104'),
      robotIds: namesOf(text('robot', 'ROBOT_ID', 'table1'), number('count', textOf(given['count']) ?? '1')),
      apiKey: (robotId) => key.replaceAll('{id}', robotId),
      defaultRobotId: env['DEFAULT_ROBOT_ID'] || 'table1',
      firmware: oneOf<Firmware>('firmware', textOf(given['firmware']) ?? 'new', ['new', 'old']),
      capabilities: capabilitiesOf(text('capabilities', 'ROBOT_CAPABILITIES', '')),
      map: map === undefined || map === '' ? undefined : parseMap(readFileSync(map, 'utf8')).map,
      speed: number('speed', text('speed', 'ROBOT_SPEED', '0.8')),
      timeScale: number('time-scale', textOf(given['time-scale']) ?? '1'),
      telemetryMs: number('telemetry-ms', textOf(given['telemetry-ms']) ?? '1000'),
      lesson: lessonOf(text('lesson', 'ROBOT_LESSON', '')),
      seed: number('seed', textOf(given['seed']) ?? '1'),
      server:
        given['no-http'] === true
          ? false
          : { host: text('host', 'ROBOT_HOST', '0.0.0.0'), port, control: given['control'] === true },
      announce: announceOf(textOf(given['announce'])),
      faults: faultsOf(given),
    },
  };
}

function faultsOf(given: Values): FaultChanges {
  const { lie, lag, drop } = noFaults();
  const lies = list(given['lie']).map((name) => [oneOf('lie', name, Object.keys(lie)), true]);
  return {
    lie: Object.fromEntries(lies) as FaultChanges['lie'],
    lag: pairs('lag', given['lag'], Object.keys(lag)),
    drop: pairs('drop', given['drop'], Object.keys(drop)),
    reconnectEverySeconds: number('reconnect', textOf(given['reconnect']) ?? '0'),
    deaf: given['deaf'] === true,
    dieMidRoute: given['die'] === undefined ? null : number('die', textOf(given['die']) ?? ''),
  };
}

/** `table2`, or with a count above 1 `table2`, `table3`, …; a name without a number begins at 1. */
function namesOf(first: string, count: number): string[] {
  if (count === 1) return [first];
  const [, stem = first, from = ''] = /^(.*?)(\d*)$/.exec(first) ?? [];
  return Array.from({ length: count }, (_, index) => `${stem}${Number(from || '1') + index}`);
}

/** Those that are named, and no others; all when none is said. */
function capabilitiesOf(value: string): FleetOptions['capabilities'] {
  if (value === '') return undefined;
  const names = Object.keys(ALL_CAPABILITIES);
  const has = value === 'none' ? [] : list(value).map((name) => oneOf('capabilities', name, names));
  return Object.fromEntries(names.map((name) => [name, has.includes(name)]));
}

/** Where something is fetched, and where it is brought. */
function lessonOf(value: string): FleetOptions['lesson'] {
  if (value === '') return undefined;
  const [from, to, ...more] = value.split(',');
  if (!from || !to || more.length > 0) throw new BadFlagError('--lesson must be two nodes: from,to');
  return fetchAndBring(from, to);
}

function announceOf(target: string | undefined): FleetOptions['announce'] {
  if (target === undefined) return undefined;
  const [, address = '', port = '3001'] = /^(.*?)(?::(\d+))?$/.exec(target) ?? [];
  return { address: address === '' ? '255.255.255.255' : address, port: Number(port) };
}

function pairs(flag: string, value: Values[string], names: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    list(value).map((pair) => {
      const [name = '', amount = ''] = pair.split('=');
      return [oneOf(flag, name, names), number(`${flag} ${name}`, amount)];
    }),
  );
}

function number(flag: string, value: string): number {
  const read = Number(value);
  if (value === '' || !Number.isFinite(read) || read < 0)
    throw new BadFlagError(`--${flag} must be a number, 0 or more`);
  return read;
}

function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === value);
  if (found === undefined) throw new BadFlagError(`--${flag}: ${value} is none of ${allowed.join(', ')}`);
  return found;
}

const textOf = (value: Values[string]): string | undefined => (typeof value === 'string' ? value : undefined);
const list = (value: Values[string]): string[] => (typeof value === 'string' ? value.split(',') : []);
