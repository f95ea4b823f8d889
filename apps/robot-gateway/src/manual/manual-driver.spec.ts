import type { LeaseState } from '../lease/lease-state';
import { FakeWire, LIMITS, RelayWorld } from '../testing/relay-world.spec-support';
import { ManualDriver, type Driver } from './manual-driver';

interface Sent {
  readonly command: string;
  readonly linear_velocity?: number;
}

const OLGA: Driver = { userId: 'olga', name: 'Olga', role: 'Operator' };
const ADA: Driver = { userId: 'ada', name: 'Ada', role: 'Admin' };

function setup(driver: Driver) {
  const world = new RelayWorld(1);
  const here = world.replicas[0]!;
  const robot: FakeWire = world.attachRobot(here);
  const taking: ((taken: LeaseState | Error | undefined) => void)[] = [];
  const failures: unknown[] = [];
  const take = () =>
    new Promise<boolean>((resolve, reject) => {
      taking.push((outcome) => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome !== undefined);
      });
    });
  const manual = new ManualDriver(driver, {
    relay: () => here.relay,
    leaseOf: () => here.lease,
    limits: () => ({ linear: 1, angular: 1 }),
    reclaim: take,
    preempt: take,
    goOn: take,
    failed: (error) => failures.push(error),
    preemptionMs: 2_000,
  });
  manual.sockets = 1;
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const sent = () =>
    robot.sent.map((text) => JSON.parse(text) as Sent).filter(({ command }) => command !== undefined);
  return { world, here, robot, manual, taking, failures, settle, sent };
}

describe('somebody who drives by hand', () => {
  it('is not let through without lock and lease, and is counted', () => {
    const { manual, here, taking, sent } = setup(OLGA);
    manual.drive(0.5, 0);
    expect([sent(), taking.length, here.counters.dropped.not_holder]).toEqual([[], 0, 1]);
  });

  it('drives under the lease that is his, and asks the database for nothing', () => {
    const { world, here, manual, taking, sent } = setup(OLGA);
    world.commitLease(here, 'drive_lock', 'olga');
    manual.drive(5, -9);
    expect(sent()).toMatchObject([{ linear_velocity: 1, angular_velocity: -1 }]);
    expect(taking).toEqual([]);
  });

  it('does not drive as a Viewer, whatever he took in another role', () => {
    const { world, here, manual, sent } = setup({ ...OLGA, role: 'Viewer' });
    world.commitLease(here, 'drive_lock', 'olga');
    manual.drive(0.5, 0);
    expect([sent(), here.counters.dropped.not_holder]).toEqual([[], 1]);
  });

  it('sends what waited for the lease in its order, of frames the newest alone, and asks once', async () => {
    const { world, here, manual, taking, settle, sent } = setup(ADA);
    const order: (number | undefined)[] = [];
    manual.drive(0.1, 0);
    manual.order((epoch) => order.push(epoch));
    manual.drive(0.2, 0);
    manual.drive(0.3, 0);
    expect(taking).toHaveLength(1);
    taking[0]!(world.commitLease(here, 'preemption', 'ada', 2_000));
    await settle();
    expect(order).toEqual([here.lease!.epoch]);
    expect(sent()).toMatchObject([{ linear_velocity: 0.3 }]);
  });

  it('sends nothing late: the database took its time, or he is gone', async () => {
    for (const meanwhile of ['time', 'gone'] as const) {
      const { world, here, manual, taking, settle, sent } = setup(ADA);
      manual.drive(0.5, 0);
      if (meanwhile === 'time') world.now += LIMITS.maxLateMs + 1;
      else manual.sockets = 0;
      taking[0]!(world.commitLease(here, 'preemption', 'ada', 2_000));
      await settle();
      expect([meanwhile, sent(), here.counters.dropped.late, here.relay.seat]).toEqual([
        meanwhile,
        [],
        1,
        undefined,
      ]);
    }
  });

  it('goes on trying when the lease could not be taken', async () => {
    const { manual, taking, failures, settle, sent } = setup(ADA);
    manual.drive(0.5, 0);
    taking[0]!(new Error('the database is away'));
    await settle();
    manual.drive(0.6, 0);
    expect([failures.length, taking.length, sent()]).toEqual([1, 2, []]);
  });

  it('stops the robot when the socket that drove closes, and gives the seat up with the last one', () => {
    const { world, here, manual, sent } = setup(OLGA);
    world.commitLease(here, 'drive_lock', 'olga');
    manual.sockets = 2;
    manual.drive(0.5, 0);
    manual.sockets = 1;
    manual.socketClosed(true);
    expect(sent().at(-1)).toMatchObject({ linear_velocity: 0 });
    manual.drive(0.5, 0);
    manual.sockets = 0;
    manual.socketClosed(false);
    expect(sent().at(-1)).toMatchObject({ linear_velocity: 0 });
    expect(here.relay.seat).toBeUndefined();
  });
});
