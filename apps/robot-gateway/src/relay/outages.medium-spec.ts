import { awakeBetween, waitFor } from '@teleop/testing';
import { DRIVE, openRefused, sleep, wallClockOffset, type Peer } from '../testing/clients.spec-support';
import { setupGateway, type Gateway } from '../testing/gateway.spec-support';

describe('while a server is away', () => {
  let g: Gateway;
  beforeEach(async () => {
    g = await setupGateway({ env: { DRIVER_INACTIVE_MS: '1500', DRIVER_SEEN_MS: '100' } });
  });
  afterEach(() => g.close());

  async function pair(ms?: number) {
    const robot = await g.robot('arm1');
    const turn = await g.queue.activate('arm1', { ms });
    const driver = await g.driver(turn);
    await g.settled(robot, driver);
    return { robot, turn, driver };
  }

  const passed = async (robot: Peer, driver: Peer) => {
    const mark = `mark-${Math.random()}`;
    driver.send({ mark });
    await robot.got(mark);
  };

  it('drivers go on without NATS until their time is up; whose turn is unknown is asked to come again', async () => {
    const { robot, turn, driver } = await pair(2_500);
    g.nats.kill9();
    await sleep(300);
    await passed(robot, driver);
    const unknown = await openRefused(g.driveUrl('arm2', 'some-token'));
    expect(unknown).toMatchObject({ status: 503, body: { code: 'TURN_NOT_VERIFIED' } });
    driver.send(DRIVE);
    const closed = await driver.wasClosed();
    expect(closed).toMatchObject({ code: 4001 });
    const ended = Date.parse(turn.expiresAt) - wallClockOffset();
    expect(awakeBetween(ended, closed.at)).toBeLessThan(250);
    await waitFor('the stop', () => robot.stoppedAt());
    await g.nats.restart();
    const next = await waitFor('the next turn to be announced', () =>
      g.queue.activate('arm1').catch(() => undefined),
    );
    // Refused with 503, as its client would be, until NATS is found again.
    const seated = await waitFor('NATS to be back', () => g.driver(next).catch(() => undefined));
    await passed(robot, seated);
  }, 30_000);

  it('asks about running turns when NATS is back, because their end may have been missed', async () => {
    const { turn, driver } = await pair();
    g.nats.kill9();
    await sleep(200);
    await g.queue.end(turn, { announce: false });
    await g.nats.restart();
    expect(await driver.wasClosed()).toMatchObject({ code: 4001 });
  }, 30_000);

  it('drivers go on without PostgreSQL and are cut off at the end; nobody new is let in unverified', async () => {
    const { robot, turn, driver } = await pair();
    g.postgres.cut();
    await passed(robot, driver);
    expect(await openRefused(g.driveUrl('arm1', turn.token))).toMatchObject({
      status: 503,
      body: { code: 'TURN_NOT_VERIFIED' },
    });
    // The one who was driving is not disturbed by an attempt that failed.
    await passed(robot, driver);
    await g.queue.end(turn);
    expect(await driver.wasClosed()).toMatchObject({ code: 4001 });
    g.postgres.heal();
    const next = await g.queue.activate('arm1');
    const seated = await waitFor('PostgreSQL to be back', () => g.driver(next).catch(() => undefined));
    await passed(robot, seated);
    await waitFor(
      'both facts to be stored',
      async () => Number((await g.turn('arm1'))?.['turn']) === next.turn,
    );
  }, 30_000);

  it('counts nobody silent for having been unable to write down that he was not', async () => {
    const { driver } = await pair();
    const drive = setInterval(() => driver.send(DRIVE), 50);
    g.postgres.cut();
    await sleep(2_500);
    g.postgres.heal();
    await sleep(1_500);
    clearInterval(drive);
    expect(g.queue.inactive).toEqual([]);
  }, 30_000);

  it('reports a driver who fell silent meanwhile as soon as it can', async () => {
    const { turn } = await pair();
    g.postgres.cut();
    await sleep(2_000);
    expect(g.queue.inactive).toEqual([]);
    g.postgres.heal();
    await waitFor('the report', () => g.queue.inactive.length > 0);
    expect(g.queue.inactive).toEqual([expect.objectContaining({ tokenHash: turn.tokenHash })]);
  }, 30_000);
});
