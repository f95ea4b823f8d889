import { pretty } from './pretty';

const time = new Date(2026, 0, 2, 10, 15, 3, 120);
const line = (entry: object): string => JSON.stringify({ level: 30, time: time.getTime(), ...entry });
const plain = (text: string): string => pretty('queue-service', text, { colour: false }, () => time);

describe('the log for people', () => {
  it('shows time, process, level, message and the main fields', () => {
    expect(plain(line({ pid: 1, hostname: 'h', msg: 'joined', robotId: 'arm1', position: 2 }))).toBe(
      '10:15:03.120 queue-service        INFO  joined robotId=arm1 position=2',
    );
  });

  it('shortens a request and its response to what one reads', () => {
    const entry = {
      msg: 'done',
      req: { method: 'POST', url: '/queue/join', headers: {} },
      res: { statusCode: 200, headers: {} },
    };
    expect(plain(line(entry))).toMatch(/INFO {2}done req=POST \/queue\/join res=200$/);
  });

  it('shows an error with its stack, once', () => {
    const shown = plain(
      line({ level: 50, msg: 'failed', err: { message: 'no', stack: 'Error: no\n    at here' } }),
    );
    expect(shown).toMatch(/ERROR failed\n {4}Error: no\n {8}at here$/);
  });

  it('understands levels and times written as text', () => {
    expect(plain(JSON.stringify({ level: 'warn', time: time.toISOString(), msg: 'm' }))).toMatch(
      /10:15:03\.120 .* WARN {2}m$/,
    );
  });

  it.each(['plain words', '{"not": "pino"}', '{broken', ''])('shows %j as it is', (text) => {
    expect(plain(text)).toBe(`10:15:03.120 queue-service        ${text}`);
  });

  it('has a colour per process only where colour is wanted', () => {
    const colour = (name: string) =>
      pretty(name, 'x', { colour: true }, () => time)
        .split('\u001b[')[1]
        ?.split('m')[0];
    expect(colour('queue-service')).toBe(colour('queue-service'));
    expect(new Set(['api-gateway', 'queue-service', 'robot-gateway'].map(colour)).size).toBe(3);
    expect(plain(line({ msg: 'm' }))).not.toContain('\u001b');
  });
});
