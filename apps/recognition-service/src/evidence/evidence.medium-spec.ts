import { waitFor } from '../testing/wait-for.spec-support';
import { setupRecognition, type Recognition } from '../testing/service.spec-support';
import { EvidenceUrls } from './evidence-urls';

describe('evidence', () => {
  let s: Recognition;
  let urls: EvidenceUrls;
  beforeAll(async () => {
    s = await setupRecognition({
      env: { EVIDENCE_SWEEP_MS: '50', EVIDENCE_BASE_URL: 'https://pictures.example/' },
    });
    urls = s.replicas[0]!.app.get(EvidenceUrls);
  });
  afterAll(() => s.close());

  const put = (slotId: number, userId: number, file: string, days = 0) =>
    s.rows(
      `INSERT INTO recognition.evidence VALUES ($1, $2, $3, '\\xffd8ff', clock_timestamp() - $4::int * interval '1 day')`,
      [slotId, file, userId, days],
    );
  const get = (path: string, headers?: object) => s.call('GET', path, undefined, headers);
  const own = (url: string) => url.replace('https://pictures.example', '');

  it('is shown to who has the key, and to nobody without', async () => {
    await put(1, 456, '456_SE1.jpg');
    const { status, headers, body } = await get('/uploads/evidence/1/456_SE1.jpg');
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'image/jpeg',
      'private, no-store',
    ]);
    expect(body).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect((await get('/uploads/evidence/1/456_SE1.jpg', {})).status).toBe(401);
    expect((await get('/uploads/evidence/1/456_SE1.jpg', { 'x-api-key': 'guess' })).status).toBe(401);
    expect((await get('/uploads/evidence/1/nobody.jpg')).body).toMatchObject({ code: 'EVIDENCE_NOT_FOUND' });
  });

  it('opens by a signed address until it expires, and that address opens nothing else', async () => {
    await put(2, 456, '456_SE 1/a.jpg');
    await put(2, 457, '457_SE2.jpg');
    const url = urls.signed(2, '456_SE 1/a.jpg');
    expect(url).toMatch(
      /^https:\/\/pictures\.example\/uploads\/evidence\/2\/456_SE%201%2Fa\.jpg\?expires=\d+&signature=/,
    );
    expect((await get(own(url), {})).status).toBe(200);
    expect((await get(own(url).replace('456_SE%201%2Fa', '457_SE2'), {})).status).toBe(401);
    expect((await get(own(url).replace(/expires=\d+/, 'expires=99999999999'), {})).status).toBe(401);
    const expired = new EvidenceUrls(s.config, { now: () => Date.now() - 3_600_000, monotonic: () => 0 });
    expect((await get(own(expired.signed(2, '456_SE 1/a.jpg')), {})).status).toBe(401);
  });

  it('of a student is removed at once, and what was removed is said', async () => {
    await put(3, 900, '900_SE9.jpg');
    await put(4, 900, '900_SE9_exam.jpg');
    await put(4, 901, '901_SE9.jpg');
    const { body } = await s.call('DELETE', '/api/v1/recognition/evidence?userId=900');
    expect(body).toMatchObject({ status: 200, data: { userId: 900, removed: 2 } });
    expect(body.data.files.sort()).toEqual([
      '/uploads/evidence/3/900_SE9.jpg',
      '/uploads/evidence/4/900_SE9_exam.jpg',
    ]);
    expect((await get('/uploads/evidence/3/900_SE9.jpg')).status).toBe(404);
    expect((await get('/uploads/evidence/4/901_SE9.jpg')).status).toBe(200);
    expect((await s.call('DELETE', '/api/v1/recognition/evidence?userId=900')).body.data.removed).toBe(0);
    expect((await s.call('DELETE', '/api/v1/recognition/evidence?userId=900', undefined, {})).status).toBe(
      401,
    );
  });

  it('is removed after its time, with who was where', async () => {
    await put(5, 1, 'old.jpg', 31);
    await put(5, 2, 'young.jpg', 29);
    await s.rows(
      `INSERT INTO recognition.sessions (id, slot_id, room_id, mode, callback_type, status, plan, gallery, total_students,
         total_cameras, owner, lease_until, started_at, stopped_at, stop_reason)
       VALUES (gen_random_uuid(), 5, 1, 'INITIAL', 'REGULAR', 'STOPPED', '{}', '', 1, 1, gen_random_uuid(), now(),
         now() - interval '32 days', now() - interval '31 days', 'REQUESTED')`,
    );
    await waitFor(
      'the old to go',
      async () => (await s.rows('SELECT 1 FROM recognition.sessions')).length === 0,
    );
    const left = await s.rows('SELECT file FROM recognition.evidence WHERE slot_id = 5');
    expect(left).toEqual([{ file: 'young.jpg' }]);
  });
});
