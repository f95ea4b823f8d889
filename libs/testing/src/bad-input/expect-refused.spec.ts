import { badRequests } from './bad-requests';
import { expectRefused } from './expect-refused';
import { DOCUMENT, smallService, type Mistakes } from './small-service.spec-support';

const requests = badRequests({
  document: DOCUMENT,
  good: { text: 'hello' },
  credentials: { bearer: 'Bearer good' },
});
const credentials = requests.headers.filter(
  ({ expected }) => expected.kind === 'refused' && expected.statuses[0] === 401,
);

async function outcome(mistakes: Mistakes, list = requests.fields): Promise<string> {
  const service = await smallService(mistakes);
  try {
    await expectRefused(service, list, { atLeast: 20 });
    return 'all is well';
  } catch (error) {
    return (error as Error).message;
  } finally {
    await service.close();
  }
}

describe('expectRefused', () => {
  it('finds nothing wrong with a service that does as its document says', async () => {
    expect(await outcome({})).toBe('all is well');
    expect(await outcome({}, credentials)).toBe('all is well');
  });

  it('finds a value that makes the service fail', async () => {
    const instead: Mistakes['instead'] = (body) =>
      body.includes('\\u0000') ? { status: 500, code: 'INTERNAL_ERROR' } : undefined;
    expect(await outcome({ instead })).toMatch(
      /3 faults in \d+ bad requests:\nPOST \/notes with text: NUL: a failure: 500/,
    );
  });

  it('finds a refusal that does not name the field', async () => {
    const instead: Mistakes['instead'] = (_, right) =>
      right.status === 400 ? { ...right, errors: [{ path: 'body', message: 'is bad' }] } : undefined;
    expect(await outcome({ instead })).toContain('names body where text is bad');
  });

  it('finds a value that is taken although the document refuses it, and the other way round', async () => {
    const lax: Mistakes['instead'] = (body) =>
      body === '{"text":5}' || body === '{"text":1}' ? { status: 200, code: 'OK' } : undefined;
    expect(await outcome({ instead: lax })).toContain('text: one: 200 where 400 was due');
    const strict: Mistakes['instead'] = (body) =>
      body === '{"text":""}'
        ? { status: 400, code: 'VALIDATION_FAILED', errors: [{ path: 'text', message: 'empty' }] }
        : undefined;
    expect(await outcome({ instead: strict })).toContain(
      'text: empty string: 400 for what the document accepts',
    );
  });

  it('finds an answer that the document does not declare', async () => {
    const instead: Mistakes['instead'] = (_, right) =>
      right.status === 200 ? { status: 409, code: 'CONFLICT' } : undefined;
    expect(await outcome({ instead })).toContain('409, which the document does not declare');
  });

  it('finds what was written by a request that was refused', async () => {
    expect(await outcome({ eager: true })).toMatch(/wrote notes: \d+ rows became \d+ rows/);
  });

  it.each([
    ['a stack trace', 'boom at Object.run (/app/dist/main.js:1:2)'],
    ['a statement', 'SELECT hash_code FROM users failed'],
    ['a database message', 'invalid input syntax for type uuid: "x"'],
    ['a path', `cannot read ${process.cwd()}/x`],
  ])('finds %s in a refusal', async (_, detail) => {
    const instead: Mistakes['instead'] = (_body, right) =>
      right.status === 400 ? { ...right, detail } : undefined;
    expect(await outcome({ instead })).toMatch(/tells too much|a path of this machine/);
  });

  it('finds a credential that is taken although it is not the caller’s', async () => {
    const instead: Mistakes['instead'] = (_, right) =>
      right.status === 401 ? { status: 200, code: 'OK' } : undefined;
    expect(await outcome({ instead }, credentials)).toContain('with no credential: 200 where 401 was due');
  });

  it('fails over a document without the requests it promises', async () => {
    expect(await outcome({}, requests.fields.slice(0, 3))).toBe('only 3 requests, expected 20');
    expect(() => badRequests({ document: { paths: {} }, good: {}, credentials: {} })).toThrow(
      'declares no operation',
    );
    expect(() => badRequests({ document: DOCUMENT, good: {}, credentials: {} })).toThrow(
      'a good value is needed for text',
    );
  });
});
