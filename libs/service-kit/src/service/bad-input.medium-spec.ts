import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { rawHttp } from './raw-http.spec-support';
import { startSmall, type SmallService } from './service.spec-support';

interface Problem {
  status: number;
  code: string;
  detail: string;
  traceId: string;
  instance: string;
  errors?: { path: string; message: string }[];
}

describe.each(['fastify', 'express'] as const)('bad input on %s', (platform) => {
  let service: SmallService;

  beforeAll(async () => {
    service = await startSmall(platform);
  });
  afterAll(() => service.close());

  const post = (
    body: string | Uint8Array | undefined,
    headers: Record<string, string> = { 'content-type': 'application/json' },
  ) => fetch(`${service.url}/notes`, { method: 'POST', headers, body });

  async function problemOf(response: Response): Promise<Problem> {
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const problem = (await response.json()) as Problem;
    expect(problem.status).toBe(response.status);
    expect(problem.traceId).toMatch(/^[0-9a-f]{32}$/);
    return problem;
  }

  it('passes a good body with the declared fields only', async () => {
    const response = await post(JSON.stringify({ text: 'hi', count: 2, unknown: 1 }));
    expect(await response.json()).toEqual({ note: { text: 'hi', count: 2 }, kind: 'Note' });
  });

  it.each([
    ['missing field', '{}', 'text'],
    ['null field', '{"text":null}', 'text'],
    ['wrong type', '{"text":5}', 'text'],
    ['object for a string', '{"text":{"length":3}}', 'text'],
    ['no conversion of numbers', '{"text":"a","count":"1"}', 'count'],
    ['too long', JSON.stringify({ text: 'x'.repeat(51) }), 'text'],
    ['NUL', '{"text":"a\\u0000"}', 'text'],
    ['lone surrogate', '{"text":"\\ud800"}', 'text'],
    ['NUL inside a free object', '{"text":"a","extra":{"a":["\\u0000"]}}', 'extra.a.0'],
    ['deep free object', `{"text":"a","extra":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`, 'extra'],
    ['null body', 'null', 'body'],
    ['array body', '[]', 'body'],
    ['number body', '5', 'body'],
    ['string body', '"text"', 'body'],
    ['deep array body', '['.repeat(50_000) + ']'.repeat(50_000), 'body'],
    ['malformed JSON', '{"text":', 'body'],
    ['trailing rubbish', '{"text":"a"}}', 'body'],
  ])('answers 400 and names the field: %s', async (_, body, path) => {
    const problem = await problemOf(await post(body));
    expect([problem.status, problem.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem.errors?.map((error) => error.path)).toContain(path);
  });

  it('answers 400 to an empty body, which some clients send with the header of a full one', async () => {
    expect((await problemOf(await post(''))).code).toBe('VALIDATION_FAILED');
    expect((await problemOf(await post(undefined, {}))).code).toBe('VALIDATION_FAILED');
  });

  it('never lets __proto__ through', async () => {
    const response = await post(
      '{"text":"a","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect([201, 400]).toContain(response.status);
    expect(await response.text()).not.toContain('polluted');
    const nested = await post('{"text":"a","extra":{"__proto__":{"polluted":true}}}');
    expect((await problemOf(nested)).code).toBe('VALIDATION_FAILED');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('answers 413 for a body that is too large, declared or streamed', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(300_000) });
    expect(await problemOf(await post(large))).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    const chunked = [
      'POST /notes HTTP/1.1',
      'host: x',
      'content-type: application/json',
      'connection: close',
      'transfer-encoding: chunked',
      '',
      '',
    ];
    const chunk = `${(300_000).toString(16)}\r\n${'x'.repeat(300_000)}\r\n0\r\n\r\n`;
    expect(
      await rawHttp(service.url, chunked.join('\r\n') + chunk).catch((error: Error) => error.message),
    ).toMatch(/ 413 |ECONNRESET|EPIPE/);
  });

  it('answers 415 for other content types', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'nonsense',
    ]) {
      const problem = await problemOf(await post('{"text":"a"}', { 'content-type': type }));
      expect([problem.status, problem.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    }
  });

  it('takes JSON with a charset and with a +json suffix', async () => {
    for (const type of ['application/json; charset=utf-8', 'application/vnd.teleop+json']) {
      expect((await post('{"text":"a"}', { 'content-type': type })).status).toBe(201);
    }
  });

  it.each(['/nope', '/notes/a/b/c', '//', '/..%2f..%2fetc/passwd', '/notes'])(
    'answers 404 for GET %s',
    async (path) => {
      expect(await problemOf(await fetch(service.url + path))).toMatchObject({
        status: 404,
        code: 'NOT_FOUND',
      });
    },
  );

  it.each(['/notes/%ff', '/notes/%', '/notes/%E0%A4%A', '/%c0%ae'])(
    'answers 400 or 404 for badly encoded %s',
    async (path) => {
      const response = await fetch(service.url + path);
      expect([400, 404]).toContain(response.status);
      await problemOf(response);
    },
  );

  it.each([
    ['/notes/a%00b', 'id'],
    ['/notes/1?limit=x', 'limit'],
    ['/notes/1?limit=51', 'limit'],
    ['/notes/1?limit=1&limit=2', 'limit'],
    ['/notes/1?q=%00', 'q'],
    ['/notes/1?q=a&q=b', 'q'],
  ])('answers 400 and names the parameter for %s', async (path, name) => {
    const problem = await problemOf(await fetch(service.url + path));
    expect([problem.status, problem.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(problem.errors?.map((error) => error.path)).toContain(name);
  });

  it('converts query parameters by declared type and ignores unknown ones', async () => {
    const response = await fetch(`${service.url}/notes/1?limit=7&q=x&more=1`);
    expect(await response.json()).toEqual({ id: '1', page: { limit: 7 }, q: 'x' });
  });

  it.each(['DELETE', 'PUT', 'PATCH', 'OPTIONS'])(
    'answers 404 or 405 for %s where only POST is',
    async (method) => {
      const response = await fetch(`${service.url}/notes`, { method });
      expect([404, 405]).toContain(response.status);
      await problemOf(response);
    },
  );

  it.each([
    ['not HTTP at all', 'hello\r\n\r\n', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
    [
      'two lengths',
      'POST /notes HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      400,
    ],
    [
      'length and chunks',
      'POST /notes HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ])('answers a problem to %s', async (_, bytes, status) => {
    const answer = await rawHttp(service.url, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
  });

  it('answers unexpected errors with 500 and tells the caller nothing but the trace id', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const response = await fetch(`${service.url}/boom?token=S3CRET`, { headers: { traceparent } });
    const problem = await problemOf(response);
    expect(problem).toMatchObject({
      status: 500,
      code: 'INTERNAL_ERROR',
      instance: '/boom',
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(JSON.stringify(problem)).not.toMatch(/postgres|SELECT|hunter2|at /);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const logged = service.lines.filter((line) => line.traceId === problem.traceId);
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({
      level: 'error',
      route: '/boom',
      err: { stack: expect.stringContaining('boom') as string },
    });
    expect(JSON.stringify(logged)).not.toMatch(/hunter2|S3CRET/);
  });

  it('uses fixed bodies and headers of problems', async () => {
    const own = await fetch(`${service.url}/own-body`);
    expect([own.status, await own.text()]).toEqual([418, '{"teapot":true}']);
    const refused = await fetch(`${service.url}/refused`);
    expect(refused.headers.get('x-hint')).toBe('wait');
    expect(await problemOf(refused)).toMatchObject({ status: 403, code: 'NOT_ACTIVE' });
  });

  it('keeps the trace across the reading of a body that arrives late', async () => {
    const traceparent = '00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { 'content-type': 'application/json', traceparent };
    const answer = await new Promise<string>((resolve, reject) => {
      const request = httpRequest(`${service.url}/trace`, { method: 'POST', headers }, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => resolve(text));
      });
      request.on('error', reject);
      request.write('{"text":');
      // Its own packet: the part that comes with the headers is still read inside the request's async context.
      setTimeout(() => request.end('"a"}'), 50);
    });
    expect(JSON.parse(answer)).toMatchObject({ trace: '1af7651916cd43dd8448eb211c80319c' });
  });

  it('never answers 5xx, whatever JSON is sent', async () => {
    const body = fc.oneof(
      fc.json(),
      fc
        .record(
          {
            text: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
            count: fc.jsonValue(),
            extra: fc.jsonValue(),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const response = await post(Buffer.from(text));
        await response.arrayBuffer();
        expect([201, 400]).toContain(response.status);
      }),
      { numRuns: 200 },
    );
  });
});
