import { createDecipheriv } from 'node:crypto';
import { waitFor } from '@teleop/testing';
import { setupService, type ServiceSetup } from './service.spec-support';

describe('queue-service over HTTP', () => {
  let s: ServiceSetup;
  beforeAll(async () => {
    s = await setupService();
  });
  afterAll(() => s.close());
  afterEach(async () => expect(await s.data.violations()).toEqual([]));

  let robots = 0;
  const robot = (columns?: Parameters<ServiceSetup['data']['robot']>[1]) =>
    s.data.robot(`h${(robots += 1)}`, columns);

  it('takes a user through a turn: join, control token, controls, leave, points, history', async () => {
    const robotId = await robot();
    const user = await s.data.user({ name: 'Ada' });
    const joined = await s.as(user, '/queue/join', { robotId });
    expect(joined).toMatchObject({
      status: 200,
      body: { success: true, robotId, position: 1, status: 'active', fast_track: false },
    });

    const token = await s.as(user, '/queue/control-token', { robotId });
    expect(token.body).toEqual({ control_token: expect.any(String), expires: expect.any(Number), robotId });
    expect(token.body.expires - Date.now() / 1000).toBeGreaterThan(295);

    const controls = await s.as(user, '/use_robot', { robotId });
    expect(controls).toMatchObject({
      status: 200,
      body: { control_token: token.body.control_token, isFirstTime: true },
    });
    const key = await s.as(user, '/session_url_decrypt_key');
    const sealed = Buffer.from(controls.body.encrypted_url, 'base64url');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(key.body.key_b64, 'base64'),
      sealed.subarray(0, 12),
    );
    decipher.setAuthTag(sealed.subarray(-16));
    const url = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString();
    expect(url).toBe(
      `ws://gateway.test:3000/ws/drive/session?robotId=${robotId}&token=${token.body.control_token}`,
    );

    expect((await s.get('/robots/status')).body.robots[robotId]).toEqual({
      is_available: false,
      current_user: 'Ada',
      queue_length: 1,
      youtube_stream_id: null,
      live_paused: false,
    });
    expect(await s.as(user, '/queue/leave', { robotId })).toMatchObject({
      status: 200,
      body: { success: true, reward_points: 3000 },
    });
    const history = await s.as(user, '/user/control_history');
    expect(history.body).toMatchObject({
      total_reward_points: 3000,
      sessions: [{ robot_id: robotId, reward_points: 3000 }],
    });
    const status = await s.as(user, '/fetch_tele_op_session_complete_status', {
      controlToken: token.body.control_token,
    });
    expect(status.body).toEqual({ status: 'not_finished' });
  });

  it('speaks problem+json with success and error for its existing front end', async () => {
    const user = await s.data.user();
    const answer = await s.as(user, '/queue/join', { robotId: 'nowhere' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      code: 'ROBOT_NOT_FOUND',
      success: false,
      error: answer.body.detail,
      status: 404,
    });
    expect(await s.as(user, '/queue/join', { robotId: 'no dots.' })).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION_FAILED', errors: [{ path: 'robotId' }] },
    });
    expect(await s.call('POST', '/queue/join', { userId: user.userId, robotId: 'x' })).toMatchObject({
      status: 401,
    });
    expect(await s.call('POST', '/queue/join', '{"userId":')).toMatchObject({ status: 400 });
  });

  it('takes a JWT whose sub is the userId of the body, and no other', async () => {
    const robotId = await robot();
    const [user, other] = await s.data.users(2);
    const jwt = (await s.as(user!, '/auth/token')).body.token as string;
    const bearer = { authorization: `Bearer ${jwt}` };
    expect(await s.call('POST', '/queue/join', { userId: user!.userId, robotId }, bearer)).toMatchObject({
      status: 200,
    });
    expect(await s.call('POST', '/queue/join', { userId: other!.userId, robotId }, bearer)).toMatchObject({
      status: 401,
    });
    expect(await s.call('POST', '/auth/token', { userId: user!.userId }, bearer)).toMatchObject({
      status: 401,
    });
  });

  it('keeps control tokens from everybody but the active user', async () => {
    const robotId = await robot();
    const [active, waiting] = await s.data.users(2);
    await s.as(active!, '/queue/join', { robotId });
    await s.as(waiting!, '/queue/join', { robotId });
    expect(await s.as(waiting!, '/queue/control-token', { robotId })).toMatchObject({
      status: 403,
      body: { code: 'NOT_AT_FRONT' },
    });
    expect(await s.as(waiting!, '/use_robot', { robotId })).toMatchObject({
      status: 403,
      body: { code: 'NOT_ACTIVE' },
    });
    const { control_token } = (await s.as(active!, '/queue/control-token', { robotId })).body;
    expect(
      await s.as(waiting!, '/fetch_tele_op_session_complete_status', { controlToken: control_token }),
    ).toMatchObject({ status: 404 });
  });

  it('shows the queue masked', async () => {
    const robotId = await robot();
    const user = await s.data.user({
      email: 'somebody.long@example.org',
      solana: '7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU',
    });
    await s.as(user, '/queue/join', { robotId });
    const { body } = await s.get(`/queue/${robotId}`);
    expect(body).toMatchObject({ robotId, robotAvailable: false, version: 1 });
    expect(body.queue[0]).toMatchObject({
      position: 1,
      status: 'active',
      member_class: 'Innovator Member',
      estimated_wait_s: 0,
    });
    expect(body.queue[0].remaining_time).toBeGreaterThan(295);
    expect(body.queue[0].email).toBe('so****ong@example.org');
    expect(body.queue[0].wallet_address).toBe('7x****gAsU');
  });

  it('answers a repeated Idempotency-Key with the first answer and changes nothing, also when both come at once', async () => {
    const robotId = await robot();
    const [a, b] = await s.data.users(2);
    await s.as(a!, '/queue/join', { robotId });
    const key = { 'idempotency-key': 'k-1' };
    const [one, two] = await Promise.all([1, 2].map(() => s.as(b!, '/queue/join', { robotId }, key)));
    expect(one!.body).toEqual(two!.body);
    expect(one!.body.message).toBe('Joined queue');
    await s.as(a!, '/queue/leave', { robotId });
    expect((await s.as(b!, '/queue/join', { robotId }, key)).body).toEqual(one!.body);
    const otherBody = await s.as(b!, '/queue/join', { robotId: await robot() }, key);
    expect(otherBody).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    expect(
      await s.call(
        'POST',
        '/queue/join',
        { userId: b!.userId, robotId },
        { ...key, authorization: 'Bearer wrong' },
      ),
    ).toMatchObject({ status: 401 });
    const refused = { 'idempotency-key': 'k-2' };
    const empty = await robot();
    expect((await s.as(a!, '/queue/leave', { robotId: empty }, refused)).body.code).toBe('NOT_IN_QUEUE');
    await s.as(a!, '/queue/join', { robotId: empty });
    expect((await s.as(a!, '/queue/leave', { robotId: empty }, refused)).body.code).toBe('NOT_IN_QUEUE');
    expect(
      await s.as(a!, '/queue/leave', { robotId: empty }, { 'idempotency-key': 'two words' }),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'Idempotency-Key' }] },
    });
  });

  it('lets robots’ servers disconnect and free, with the internal token only', async () => {
    const robotId = await robot();
    const user = await s.data.user();
    await s.as(user, '/queue/join', { robotId });
    expect(await s.call('POST', '/robot/disconnect', { robotId })).toMatchObject({ status: 401 });
    expect(await s.internal('/robot/disconnect', { robotId })).toMatchObject({
      status: 200,
      body: { status: 'ok', user_id: user.userId },
    });
    expect((await s.internal('/robot/disconnect', { robotId })).body).toEqual({
      status: 'ok',
      message: 'No active user',
    });
    expect((await s.internal('/robot/free', { robotId })).status).toBe(200);
    expect(await s.internal('/robot/free', { robotId: 'nowhere' })).toMatchObject({ status: 404 });
    const statistics = await s.get(`/queue/statistics?robotId=${robotId}`, {
      authorization: `Bearer ${s.config.INTERNAL_API_TOKEN}`,
    });
    expect(statistics.body).toMatchObject({ waiting: 0, active: 0, completed: 0 });
  });

  it('builds the boards, masks them, and finds the user’s own row', async () => {
    const robotId = await robot();
    const [a, b] = [await s.data.user({ monad: '0x1234567890abcdef' }), await s.data.user()];
    for (const user of [a, b]) {
      await s.as(user, '/queue/join', { robotId });
      await s.as(user, '/use_robot', { robotId });
      await s.as(user, '/queue/leave', { robotId });
    }
    const updated = await s.internal('/tele_op/leaderboard/update');
    expect(updated.body).toEqual({ success: true, rows: expect.any(Number) });
    const board = (await s.get(`/tele_op/leaderboard?user_id=${b.userId}`)).body;
    expect(board.self).toMatchObject({ user_id: b.userId, total_points: 3000 });
    expect(board.leaderboard.map((row: { rank: number }) => row.rank)).toEqual(
      board.leaderboard.map((_: unknown, i: number) => i + 1),
    );
    const key = { 'idempotency-key': 'board-1' };
    const keyed = await s.internal('/tele_op/monad_leaderboard/update', {}, key);
    expect((await s.internal('/tele_op/monad_leaderboard/update', {}, key)).body).toEqual(keyed.body);
    const monad = (await s.get(`/tele_op/monad_leaderboard?user_id=${b.userId}`)).body;
    expect(monad.self).toBeNull();
    expect(monad.leaderboard[0]).toMatchObject({ user_id: a.userId, wallet_address: '0x****cdef' });
    expect(await s.get('/tele_op/leaderboard?user_id=nobody')).toMatchObject({ status: 400 });
    expect(await s.call('POST', '/tele_op/leaderboard/update', {})).toMatchObject({ status: 401 });
  });

  it('says it is ready, and describes itself', async () => {
    expect((await s.get('/readyz')).body).toMatchObject({ status: 'ok' });
    const document = (await s.get('/openapi.json')).body;
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/queue/join', '/use_robot', '/tele_op/leaderboard']),
    );
  });
});

describe('the turn clock', () => {
  it('ends a turn within a second of its limit, settles it and gives the robot to the next, with either replica', async () => {
    const s = await setupService({ env: { SESSION_SECONDS: '2' }, replicas: 2 });
    try {
      const robotId = await s.data.robot('clock');
      const [a, b] = await s.data.users(2);
      await s.as(a!, '/queue/join', { robotId });
      await s.as(a!, '/use_robot', { robotId });
      await s.as(b!, '/queue/join', { robotId }, {}, 1);
      await s.replicas[0]!.close();
      await waitFor(
        'the turn to pass on',
        async () =>
          (
            await s.data.rows(`SELECT 1 FROM teleop.robot_queue WHERE user_id = $1 AND status = 'active'`, [
              b!.userId,
            ])
          ).length,
      );
      const [ended] = await s.data.rows<{ status: string; end_reason: string; late: string }>(
        `SELECT status, end_reason, extract(epoch FROM ended_at - activated_at) - 2 AS late FROM teleop.robot_queue WHERE user_id = $1`,
        [a!.userId],
      );
      expect(ended).toMatchObject({ status: 'completed', end_reason: 'timeout' });
      expect(Number(ended!.late)).toBeLessThan(1);
      expect(await s.data.violations()).toEqual([]);
    } finally {
      await s.close();
    }
  });
});
