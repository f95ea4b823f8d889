import { runWithTrace } from '../tracing/trace-context';
import { Logger } from './logger';

function setup() {
  const lines: Record<string, unknown>[] = [];
  const write = (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>);
  const logger = Logger.create({ service: 'queue-service', level: 'debug', destination: { write } });
  return { logger, lines, text: () => JSON.stringify(lines) };
}

const TRACE = '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01';

describe('Logger', () => {
  it('writes the service always, and the trace id inside a request or message', () => {
    const { logger, lines } = setup();
    logger.info({ robotId: 'arm1' }, 'outside');
    runWithTrace(TRACE, () => logger.warn('inside'));
    expect(lines[0]).toMatchObject({
      level: 'info',
      service: 'queue-service',
      robotId: 'arm1',
      msg: 'outside',
    });
    expect(lines[0]).not.toHaveProperty('traceId');
    expect(lines[1]).toMatchObject({
      level: 'warn',
      traceId: '0123456789abcdef0123456789abcdef',
      msg: 'inside',
    });
  });

  it.each([
    { authorization: 'Bearer S3CRET' },
    { headers: { Authorization: 'S3CRET', 'X-API-Key': 'S3CRET' } },
    { a: { b: { controlToken: 'S3CRET' } } },
    { a: { b: { c: { control_token: 'S3CRET' } } } },
    { users: [{ hash_code: 'S3CRET' }] },
    { env: { JWT_SECRET: 'S3CRET', password: 'S3CRET', key_b64: 'S3CRET' } },
    { a: { b: { c: { d: { e: { token: 'S3CRET' } } } } } },
    { url: '/ws/drive/session?robotId=arm1&token=S3CRET' },
    { url: '/ws/robot/control?key=S3CRET&robotId=arm1' },
    { note: 'got Bearer S3CRET.x from a caller' },
    { databaseUrl: 'postgres://teleop:S3CRET@db/teleop' },
    { err: new Error('refused: postgres://teleop:S3CRET@db/teleop') },
    {
      err: Object.assign(new Error('duplicate key'), {
        detail: 'Key (hash_code)=(S3CRET)',
        parameters: ['S3CRET'],
      }),
    },
    { err: new Error('outer', { cause: new Error('GET /x?token=S3CRET failed') }) },
  ])('never shows the secret of %j', (fields) => {
    const { logger, text } = setup();
    logger.error(fields, 'message');
    logger.child(fields).info('again');
    expect(text()).toContain('queue-service');
    expect(text()).not.toContain('S3CRET');
  });

  it('redacts messages as well as fields', () => {
    const { logger, text } = setup();
    logger.warn('GET /x?token=S3CRET');
    logger.warn({}, 'GET /x?access_token=S3CRET');
    logger.error(new Error('GET /x?api_key=S3CRET'));
    expect(text()).not.toContain('S3CRET');
  });

  it('keeps what is not secret, with message, stack and cause of errors', () => {
    const { logger, lines } = setup();
    const err = new Error('outer', { cause: new TypeError('inner') });
    logger.error({ err, monkey: 'banana', robotId: 'arm1', tokens: 3 }, 'failed');
    expect(lines[0]).toMatchObject({
      monkey: 'banana',
      tokens: 3,
      err: { type: 'Error', message: 'outer', cause: { type: 'TypeError', message: 'inner' } },
    });
    expect((lines[0]?.['err'] as { stack: string }).stack).toContain('logger.spec');
  });

  it('understands how Nest calls a logger', () => {
    const { logger, lines } = setup();
    logger.log('mapped {/x}', 'RouterExplorer');
    logger.error('broke', 'Error: broke\n    at x.ts:1', 'ExceptionsHandler');
    logger.error(new Error('thrown'));
    expect(lines[0]).toMatchObject({ level: 'debug', msg: 'mapped {/x}', context: 'RouterExplorer' });
    expect(lines[1]).toMatchObject({
      msg: 'broke',
      context: 'ExceptionsHandler',
      stack: expect.stringContaining('at x'),
    });
    expect(lines[2]).toMatchObject({ level: 'error', msg: 'thrown', err: { message: 'thrown' } });
  });

  it('survives circular values, huge texts and odd types', () => {
    const { logger, lines } = setup();
    const circle: Record<string, unknown> = { big: 10n, bytes: Buffer.alloc(9), text: 'x'.repeat(100_000) };
    circle['self'] = circle;
    logger.info(circle, 'odd');
    expect(lines[0]).toMatchObject({ big: '10', bytes: '[9 bytes]', msg: 'odd' });
    expect(JSON.stringify(lines[0]).length).toBeLessThan(50_000);
  });
});
