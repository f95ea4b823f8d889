import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { natsUrl } from './nats-url';
import { parseOptions, UsageError } from './options';
import { table } from './table';

describe('the command line', () => {
  it('takes a command and which dead letters it is about', () => {
    expect(parseOptions(['list'])).toEqual({ command: 'list', selection: {} });
    expect(parseOptions(['list', '--consumer', 'x'])).toEqual({
      command: 'list',
      selection: { consumer: 'x' },
    });
    expect(parseOptions(['show', '--id', '7'])).toEqual({ command: 'show', selection: { id: '7' } });
    expect(parseOptions(['replay', '--all'])).toEqual({ command: 'replay', selection: {} });
    expect(parseOptions(['drop', '--id=7', '--consumer=x'])).toEqual({
      command: 'drop',
      selection: { id: '7', consumer: 'x' },
    });
  });

  it.each([
    [[], 'no command given'],
    [['purge'], 'there is no command "purge"'],
    [['list', '7'], 'do not know what to do with "7"'],
    [['list', '--force'], "Unknown option '--force'"],
    [['show'], 'show needs --id'],
    [['replay'], 'replay needs --id, --consumer or --all'],
    [['drop'], 'drop needs --id, --consumer or --all'],
    [['drop', '--all', '--id', '7'], '--all goes without'],
  ])('refuses %j', (args, why) => {
    expect(() => parseOptions(args)).toThrow(UsageError);
    expect(() => parseOptions(args)).toThrow(why);
  });
});

describe('the server', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'teleop-dead-'));
  const env = { TELEOP_DATA_DIR: folder };
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is that of NATS_URL, else that of the running stack', () => {
    expect(() => natsUrl(env)).toThrow('no stack runs here');
    writeFileSync(path.join(folder, 'stack.json'), '{"natsUrl":"nats://127.0.0.1:4222"}');
    expect(natsUrl(env)).toBe('nats://127.0.0.1:4222');
    expect(natsUrl({ ...env, NATS_URL: 'nats://other' })).toBe('nats://other');
  });
});

describe('the table', () => {
  it('lines its columns up and cuts what is too long for the terminal', () => {
    const rows = [
      ['id', 'reason'],
      ['12', 'a long reason'],
    ];
    expect(table(rows, 80)).toBe('id  reason\n12  a long reason');
    expect(table(rows, 10)).toBe('id  reason\n12  a lon…');
  });
});
