import { SERVICES } from '../services';

/** A line of one process, for people: `10:15:03.120 queue-service  INFO  joined robotId=arm1 position=2`. */
export interface PrettySettings {
  colour: boolean;
}

const LEVELS: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
const LEVEL_COLOURS: Readonly<Record<string, number>> = { WARN: 33, ERROR: 31, FATAL: 31 };
/** Told apart on dark and on light grounds; red and yellow are the levels'. */
const NAME_COLOURS = [36, 32, 35, 34, 96, 92, 95, 94];
const NAME_WIDTH = 20;
const MAX_FIELDS = 8;
const MAX_VALUE = 120;
/** Said elsewhere in the line, or the same in every line. */
const HIDDEN = new Set([
  'level',
  'time',
  'msg',
  'pid',
  'hostname',
  'name',
  'service',
  'v',
  'stack',
  'err',
  'context',
]);

export function pretty(
  process: string,
  line: string,
  settings: PrettySettings,
  now: () => Date = () => new Date(),
): string {
  const entry = parse(line);
  const time = clock(entry?.time ?? now());
  const name = paint(process.padEnd(NAME_WIDTH), colourOf(process), settings.colour);
  if (!entry) return `${time} ${name} ${line}`;
  const level = paint(entry.level.padEnd(5), LEVEL_COLOURS[entry.level], settings.colour);
  const fields = entry.fields
    .map(([key, value]) => ` ${paint(`${key}=`, 2, settings.colour)}${value}`)
    .join('');
  const stack = entry.stack ? `\n${entry.stack.replace(/^/gm, '    ')}` : '';
  return `${time} ${name} ${level} ${entry.message}${fields}${stack}`;
}

interface Entry {
  time: Date;
  level: string;
  message: string;
  fields: [string, string][];
  stack: string | null;
}

/** Null for anything that is not one of pino's lines: it is shown as it is. */
function parse(line: string): Entry | null {
  if (!line.startsWith('{')) return null;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
  const time = new Date((value['time'] as number | string | undefined) ?? Number.NaN);
  if (Number.isNaN(time.getTime()) || value['level'] === undefined) return null;
  const error = value['err'] as { message?: string; stack?: string } | undefined;
  const context = typeof value['context'] === 'string' ? `[${value['context']}] ` : '';
  return {
    time,
    level: LEVELS[Number(value['level'])] ?? text(value['level']).toUpperCase(),
    message: context + text(value['msg'] ?? error?.message ?? ''),
    fields: mainFields(value),
    stack: error?.stack ?? (typeof value['stack'] === 'string' ? value['stack'] : null),
  };
}

function mainFields(value: Record<string, unknown>): [string, string][] {
  return Object.entries(value)
    .filter(([key, field]) => !HIDDEN.has(key) && field !== undefined && field !== null)
    .slice(0, MAX_FIELDS)
    .map(([key, field]) => [key, requestLine(key, field) ?? text(field)]);
}

/** pino-http logs whole requests and responses; method, URL and status are what one reads. */
function requestLine(key: string, field: unknown): string | null {
  if (typeof field !== 'object' || field === null) return null;
  const { method, url, statusCode } = field as { method?: unknown; url?: unknown; statusCode?: unknown };
  if (key === 'req' && method !== undefined) return text(`${text(method)} ${text(url)}`);
  if (key === 'res' && statusCode !== undefined) return text(statusCode);
  return null;
}

function text(value: unknown): string {
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return written.length > MAX_VALUE ? `${written.slice(0, MAX_VALUE)}…` : written;
}

function clock(time: Date): string {
  return time.toTimeString().slice(0, 8) + `.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** The product's services each have their own; anything else one by its name. Replicas look like their service. */
function colourOf(process: string): number {
  const name = process.replace(/\.\d+$/, '');
  const place = SERVICES.findIndex((service) => service.name === name);
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) >>> 0, 0);
  return NAME_COLOURS[(place >= 0 ? place : sum) % NAME_COLOURS.length] as number;
}

function paint(written: string, code: number | undefined, on: boolean): string {
  return on && code !== undefined ? `\u001b[${code}m${written}\u001b[0m` : written;
}
