import { setupQueue, type QueueSetup } from './queue-rules.spec-support';

describe('joining a queue', () => {
  let q: QueueSetup;
  beforeAll(async () => {
    q = await setupQueue();
  });
  afterAll(() => q.close());
  afterEach(async () => expect(await q.data.violations()).toEqual([]));

  let robots = 0;
  const robot = (columns?: Parameters<QueueSetup['data']['robot']>[1]) =>
    q.data.robot(`r${(robots += 1)}`, columns);

  it('makes the first one active at once and announces the turn with the hash of its token', async () => {
    const robotId = await robot();
    const user = await q.person();
    expect(await q.join(user, robotId)).toMatchObject({ code: 'JOINED', position: 1, status: 'active' });
    const events = await q.data.rows<{ event: string; payload: Record<string, unknown> }>(
      `SELECT event, payload FROM teleop.outbox WHERE payload->>'robotId' = $1 ORDER BY id`,
      [robotId],
    );
    expect(events.map((row) => row.event)).toEqual(['queue.changed', 'session.activated']);
    expect(events[1]?.payload).toMatchObject({ userId: user.userId, turn: 1 });
    expect(JSON.stringify(events)).not.toContain((await q.open(user, robotId)).control_token);
  });

  it('answers a repeat with the same position and changes nothing', async () => {
    const robotId = await robot();
    const [a, b] = [await q.person(), await q.person()];
    await q.join(a, robotId);
    await q.join(b, robotId);
    const before = await q.turns.snapshot(q.database, robotId);
    expect(await q.join(b, robotId)).toMatchObject({
      code: 'ALREADY_IN_QUEUE',
      position: 2,
      status: 'waiting',
    });
    expect((await q.turns.snapshot(q.database, robotId))?.version).toBe(before?.version);
  });

  it('refuses in the order of the source', async () => {
    const paused = await robot({ livePaused: true, requiresMonad: true });
    const explorer = await q.person({ userClass: 'Explorer Member' });
    expect((await q.join(explorer, paused, 'wrong')).code).toBe('UNAUTHORIZED');
    expect((await q.join({ ...explorer, userId: '11111111-1111-4111-8111-111111111111' }, paused)).code).toBe(
      'UNAUTHORIZED',
    );
    expect((await q.join(explorer, 'nowhere')).code).toBe('ROBOT_NOT_FOUND');
    expect((await q.join(explorer, paused)).code).toBe('LIVE_PAUSED');
    q.setTestMode(true);
    expect((await q.join(explorer, paused)).code).toBe('EXPLORER_NOT_ALLOWED');
    const amplifier = await q.person({ userClass: 'Amplifier Member' });
    expect((await q.join(amplifier, paused)).code).toBe('MONAD_REQUIRED');
    q.setTestMode(false);
  });

  it('never lets an empty hash_code in', async () => {
    const robotId = await robot();
    const user = await q.person();
    for (const stored of ['', null]) {
      await q.data.rows('UPDATE teleop.users SET hash_code = $2 WHERE user_id = $1', [user.userId, stored]);
      expect((await q.join(user, robotId, '')).code).toBe('UNAUTHORIZED');
    }
  });

  it('takes a Monad address or a purchase for a robot that asks for Monad', async () => {
    const robotId = await robot({ requiresMonad: true });
    const byAddress = await q.person({ monad: '0xabc' });
    const byPurchase = await q.person();
    await q.data.rows('INSERT INTO teleop.purchase_records (user_id, monad_tx_hash) VALUES ($1, $2)', [
      byPurchase.userId,
      '',
    ]);
    expect((await q.join(byPurchase, robotId)).code).toBe('MONAD_REQUIRED');
    await q.data.rows('INSERT INTO teleop.purchase_records (user_id, monad_tx_hash) VALUES ($1, $2)', [
      byPurchase.userId,
      '0x1',
    ]);
    expect((await q.join(byPurchase, robotId)).code).toBe('JOINED');
    expect((await q.join(byAddress, robotId)).code).toBe('JOINED');
  });

  it('keeps a user in one queue', async () => {
    const [one, two] = [await robot(), await robot()];
    const user = await q.person();
    await q.join(user, one);
    expect((await q.join(user, two)).code).toBe('ALREADY_IN_OTHER_QUEUE');
    await q.leave(user, one);
    expect((await q.join(user, two)).code).toBe('JOINED');
  });

  it('holds an Amplifier to the robot’s joins a day and sessions a life, and no one else', async () => {
    const daily = await robot({ dailyJoins: 3 });
    const amplifier = await q.person({ userClass: 'Amplifier Member' });
    const innovator = await q.person();
    for (const user of [amplifier, innovator]) {
      for (let join = 1; join <= 3; join += 1) {
        expect((await q.join(user, daily)).code).toBe('JOINED');
        await q.leave(user, daily);
      }
    }
    expect((await q.join(amplifier, daily)).code).toBe('DAILY_LIMIT_REACHED');
    expect((await q.join(innovator, daily)).code).toBe('JOINED');
    await q.data.rows(
      `UPDATE teleop.robot_queue SET created_at = teleop.utc_day(now()) - interval '1 second' WHERE user_id = $1`,
      [amplifier.userId],
    );
    expect((await q.join(amplifier, daily)).code).toBe('JOINED');
    await q.leave(amplifier, daily);

    const lifetime = await robot({ lifetimeSessions: 3 });
    for (let session = 1; session <= 3; session += 1) {
      await q.join(amplifier, lifetime);
      await q.open(amplifier, lifetime);
      await q.leave(amplifier, lifetime);
    }
    expect((await q.join(amplifier, lifetime)).code).toBe('LIFETIME_LIMIT_REACHED');
  });

  it('takes an Innovator to the place the source says', async () => {
    const robotId = await robot();
    const [active, next, third] = await q.data.users(3, { userClass: 'Amplifier Member' });
    await q.join(active!, robotId);
    await q.join(next!, robotId);
    const [i1, i2, i3] = await q.data.users(3);
    // Third in line without any help: an ordinary place, and no fast track used.
    expect(await q.join(i1!, robotId)).toMatchObject({ position: 3, fast_track: false });
    await q.leave(i1!, robotId);
    await q.join(third!, robotId);
    expect(await q.join(i1!, robotId)).toMatchObject({ position: 3, fast_track: true });
    expect(await q.join(i2!, robotId)).toMatchObject({ position: 4, fast_track: true });
    expect(await q.join(i3!, robotId)).toMatchObject({ position: 5, fast_track: true });
    expect(await q.line(robotId)).toEqual([active, next, i1, i2, i3, third].map((user) => user!.userId));
    await q.leave(active!, robotId);
    await q.leave(next!, robotId);
    await q.leave(i2!, robotId);
    const i4 = await q.person();
    expect(await q.join(i4, robotId)).toMatchObject({ position: 3, fast_track: true });
    expect(await q.line(robotId)).toEqual([i1, i3, i4, third].map((user) => user!.userId));
  });

  it('puts an Innovator at the front of people who wait for a robot that nobody drives', async () => {
    const robotId = await robot();
    await q.data.rows('UPDATE teleop.robot_status SET is_available = false WHERE robot_id = $1', [robotId]);
    const [a, b] = await q.data.users(2, { userClass: 'Amplifier Member' });
    await q.join(a!, robotId);
    await q.join(b!, robotId);
    const innovator = await q.person();
    expect(await q.join(innovator, robotId)).toMatchObject({
      position: 1,
      fast_track: true,
      status: 'waiting',
    });
    expect(await q.line(robotId)).toEqual([innovator, a, b].map((user) => user!.userId));
  });

  it('gives an ordinary place and says so once the day’s fast tracks are used up', async () => {
    const robotId = await robot();
    const crowd = await q.data.users(4, { userClass: 'Amplifier Member' });
    for (const user of crowd) await q.join(user, robotId);
    const innovator = await q.person();
    for (let use = 1; use <= 6; use += 1) {
      expect(await q.join(innovator, robotId)).toMatchObject({ fast_track: true });
      await q.leave(innovator, robotId);
    }
    expect(await q.join(innovator, robotId)).toMatchObject({
      fast_track: false,
      fast_track_spent: true,
      position: 5,
    });
  });

  it('lines up joins and rows added by hand in the order they came', async () => {
    const robotId = await robot();
    const people = await q.data.users(7, { userClass: 'Amplifier Member' });
    for (const [n, user] of people.entries()) {
      if (n % 2 === 0) await q.join(user, robotId);
      else {
        await q.data.rows('INSERT INTO teleop.robot_queue (robot_id, user_id) VALUES ($1, $2) RETURNING id', [
          robotId,
          user.userId,
        ]);
      }
    }
    expect(await q.line(robotId)).toEqual(people.map((user) => user.userId));
  });

  it('keeps its order through thousands of fast-track inserts at one spot', async () => {
    const q2 = await setupQueue({ fastTrackDaily: 1_000_000 });
    try {
      const robotId = await q2.data.robot('deep');
      const crowd = await q2.data.users(4, { userClass: 'Amplifier Member' });
      for (const user of crowd) await q2.join(user, robotId);
      const [a, b] = await q2.data.users(2);
      await q2.join(a!, robotId);
      for (let turn = 0; turn < 300; turn += 1) {
        await q2.join(b!, robotId);
        await q2.leave(a!, robotId);
        await q2.join(a!, robotId);
        await q2.leave(b!, robotId);
      }
      expect(await q2.data.violations()).toEqual([]);
      expect((await q2.line(robotId))[2]).toBe(a!.userId);
    } finally {
      await q2.close();
    }
  }, 30_000);
});

describe('ending a turn', () => {
  let q: QueueSetup;
  beforeAll(async () => {
    q = await setupQueue();
  });
  afterAll(() => q.close());
  afterEach(async () => expect(await q.data.violations()).toEqual([]));

  let robots = 0;
  const robot = () => q.data.robot(`e${(robots += 1)}`);

  async function drive(seconds: number, inactive: boolean, sessionsBefore = 0) {
    const robotId = await robot();
    const user = await q.person();
    for (let session = 0; session < sessionsBefore; session += 1) {
      await q.join(user, robotId);
      await q.open(user, robotId);
      await q.leave(user, robotId);
    }
    await q.join(user, robotId);
    await q.open(user, robotId);
    await q.age(user, seconds);
    const { points } = await q.leave(user, robotId, inactive);
    return points;
  }

  it.each([
    ['the first session ever, however short', 0, false, 0, 3000],
    ['the first session, inactive under 50 s', 49, true, 0, 0],
    ['the first session, inactive from 50 s', 51, true, 0, 3000],
    ['a later one, by the second', 100, false, 1, 30],
    ['a later one, rounded down', 199, false, 1, 59],
    ['a later one, inactive under 50 s', 49, true, 1, 0],
    ['a later one, inactive: 30 s less', 130, true, 1, 30],
  ])('pays %s', async (_name, seconds, inactive, before, points) => {
    expect(await drive(seconds, inactive, before)).toBe(points);
  });

  it('does not pay for time past the limit beyond the ten seconds of a late sweep', async () => {
    const robotId = await robot();
    const user = await q.person();
    await q.join(user, robotId);
    await q.open(user, robotId);
    await q.leave(user, robotId);
    await q.join(user, robotId);
    await q.open(user, robotId);
    // Everything was down for an hour: session and turn began 3900 s ago.
    await q.data.rows(
      `UPDATE teleop.tele_op_control_history SET issued_at = issued_at - interval '3900 s', expires_at = expires_at - interval '3900 s'
       WHERE user_id = $1 AND controlled_end_time IS NULL RETURNING id`,
      [user.userId],
    );
    await q.data.rows(
      `UPDATE teleop.robot_queue SET activated_at = activated_at - interval '3900 s' WHERE status = 'active' AND user_id = $1`,
      [user.userId],
    );
    expect(await q.turns.expire(q.database, robotId)).toBe(true);
    const [row] = await q.data.rows<{ reward_points: number; controlled_hours: string }>(
      'SELECT reward_points, controlled_hours FROM teleop.tele_op_control_history WHERE user_id = $1 ORDER BY id DESC LIMIT 1',
      [user.userId],
    );
    expect(row).toEqual({ reward_points: 92, controlled_hours: '0.0861' });
  });

  it('rounds the end of the turn down, so that use_robot and control-token name the same second', async () => {
    const robotId = await robot();
    const user = await q.person();
    await q.join(user, robotId);
    await q.data.rows(
      `UPDATE teleop.robot_queue SET activated_at = date_trunc('second', now()) - interval '0.1 s' WHERE user_id = $1`,
      [user.userId],
    );
    const turn = await q.turns.activeTurn(q.database, robotId);
    expect((await q.open(user, robotId)).expires).toBe(Math.floor(turn!.expires_at.getTime() / 1_000));
  });

  it('can be given by hand: an active row and a session need no more than robot and user', async () => {
    const robotId = await robot();
    const user = await q.person();
    await q.data.rows(
      `INSERT INTO teleop.robot_queue (robot_id, user_id, status) VALUES ($1, $2, 'active') RETURNING id`,
      [robotId, user.userId],
    );
    await q.data.rows(
      `INSERT INTO teleop.tele_op_control_history (robot_id, user_id, controlled_hours) VALUES ($1, $2, 1.5) RETURNING id`,
      [robotId, user.userId],
    );
    expect(await q.open(user, robotId)).toMatchObject({
      code: 'OPENED',
      control_token: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(await q.leave(user, robotId)).toMatchObject({ code: 'LEFT', points: 3000 });
  });

  it('pays nothing and settles nothing when the controls were never asked for', async () => {
    const robotId = await robot();
    const user = await q.person();
    await q.join(user, robotId);
    expect(await q.leave(user, robotId)).toEqual({ code: 'LEFT', points: 0 });
  });

  it('hands the robot to the next in line in the same transaction', async () => {
    const robotId = await robot();
    const [a, b] = await q.data.users(2);
    await q.join(a!, robotId);
    await q.join(b!, robotId);
    await q.open(a!, robotId);
    await q.leave(a!, robotId);
    expect(await q.turns.activeTurn(q.database, robotId)).toMatchObject({ user_id: b!.userId });
    const events = await q.data.rows<{ event: string; payload: { turn?: number; userId?: string } }>(
      `SELECT event, payload FROM teleop.outbox WHERE payload->>'robotId' = $1 AND event LIKE 'session.%' ORDER BY id`,
      [robotId],
    );
    expect(events.map(({ event, payload }) => [event, payload.userId])).toEqual([
      ['session.activated', a!.userId],
      ['session.ended', a!.userId],
      ['session.activated', b!.userId],
    ]);
    expect(events[2]!.payload.turn).toBeGreaterThan(events[1]!.payload.turn!);
  });

  it('does not let a late inactivity report take the next user’s turn', async () => {
    const robotId = await robot();
    const [a, b] = await q.data.users(2);
    await q.join(a!, robotId);
    await q.join(b!, robotId);
    const turn = await q.turns.activeTurn(q.database, robotId);
    expect(await q.turns.disconnect(q.database, robotId, turn!.token_hash)).toMatchObject({
      code: 'DISCONNECTED',
      user_id: a!.userId,
    });
    expect(await q.turns.disconnect(q.database, robotId, turn!.token_hash)).toMatchObject({
      code: 'NO_ACTIVE_USER',
    });
    expect(await q.turns.activeTurn(q.database, robotId)).toMatchObject({ user_id: b!.userId });
  });

  it('gives a robot that was freed while people waited to the first of them at the sweep', async () => {
    const robotId = await robot();
    await q.data.rows('UPDATE teleop.robot_status SET is_available = false WHERE robot_id = $1', [robotId]);
    const [a] = await q.data.users(1);
    await q.join(a!, robotId);
    expect(await q.turns.promote(q.database, robotId)).toBe(false);
    await q.turns.free(q.database, robotId);
    expect(await q.turns.promote(q.database, robotId)).toBe(true);
    expect(await q.turns.activeTurn(q.database, robotId)).toMatchObject({ user_id: a!.userId });
  });
});
