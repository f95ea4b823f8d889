import fc from 'fast-check';
import { unsealedDrive } from '../commands/domain/robot-command';
import { FakeWire, LIMITS, RelayWorld, type Replica } from '../testing/relay-world.spec-support';
import { acceptFromRemoteDriver, manualFrame, robotFrame } from './frame-path';
import type { ManualSeat } from './manual-seat';
import { RobotPeer } from './robot-peer';

const NAVIGATE = { command: 'NAVIGATE', start: 'A', destination: 'B' } as const;

interface Command {
  readonly command?: string;
  readonly linear_velocity?: number;
  readonly lease: { readonly epoch: number; readonly seq: number };
}

const commandsOf = (wire: FakeWire) =>
  wire.sent.map((text) => JSON.parse(text) as Command).filter(({ command }) => command !== undefined);
const drive = (replica: Replica, seat: ManualSeat, linear: number) =>
  manualFrame(replica.relay, seat, unsealedDrive(linear, 0, seat.epoch));

describe('driving by hand', () => {
  function setup(replicas = 1) {
    const world = new RelayWorld(replicas);
    const here = world.replicas[0]!;
    const robot = world.attachRobot(here);
    world.deliverAll();
    return { world, here, robot };
  }

  it('seals each frame with the lease’s epoch and a number that only grows', () => {
    const { world, here, robot } = setup();
    const lease = world.commitLease(here, 'drive_lock', 'ann');
    const seat = world.sitByHand(here, lease)!;
    drive(here, seat, 0.5);
    drive(here, seat, 0.6);
    const [first, second] = commandsOf(robot);
    expect(first).toMatchObject({ command: 'DRIVE_COMMAND', linear_velocity: 0.5, angular_velocity: 0 });
    expect(first!.lease.epoch).toBe(lease.epoch);
    expect(second!.lease.seq).toBeGreaterThan(first!.lease.seq);
  });

  it.each([
    ['it is released', (world: RelayWorld, here: Replica) => void world.commitLease(here, 'none', null)],
    [
      'another takes it',
      (world: RelayWorld, here: Replica) => void world.commitLease(here, 'preemption', 'boss'),
    ],
    [
      'its time is up',
      (world: RelayWorld, here: Replica) => {
        world.now += 30_000;
        here.tick();
      },
    ],
  ])('stops the robot and refuses his frames once %s', (_what, end) => {
    const { world, here, robot } = setup();
    const seat = world.sitByHand(here, world.commitLease(here, 'drive_lock', 'ann', 30_000))!;
    drive(here, seat, 0.5);
    end(world, here);
    expect(commandsOf(robot).at(-1)).toMatchObject({ command: 'DRIVE_COMMAND', linear_velocity: 0 });
    drive(here, seat, 0.9);
    expect(commandsOf(robot)).toHaveLength(2);
    expect(here.counters.dropped.stale_epoch).toBe(1);
  });

  it('goes on when the lease is renewed after its old end was acted on', () => {
    const { world, here, robot } = setup();
    const lease = world.commitLease(here, 'drive_lock', 'ann', 1_000);
    drive(here, world.sitByHand(here, lease)!, 0.5);
    world.now += 1_000;
    here.tick();
    // The renewal had been committed in time and was heard late.
    here.hearLease({ ...lease, version: 2, deadline: world.now + 30_000 });
    drive(here, world.sitByHand(here, lease)!, 0.7);
    expect(commandsOf(robot).at(-1)).toMatchObject({ linear_velocity: 0.7 });
  });

  it('stops a robot whose driver falls silent, and not one that was sent somewhere since', () => {
    const { world, here, robot } = setup();
    const lease = world.commitLease(here, 'drive_lock', 'ann');
    const seat = world.sitByHand(here, lease)!;
    drive(here, seat, 0.5);
    world.now += LIMITS.deadmanMs;
    here.tick();
    expect(commandsOf(robot)).toHaveLength(2);
    drive(here, seat, 0.5);
    expect(here.relay.command([NAVIGATE], lease.epoch)).toBe('sent');
    world.now += LIMITS.deadmanMs;
    here.tick();
    expect(commandsOf(robot).at(-1)!.command).toBe('NAVIGATE');
  });

  it('refuses a command of an older epoch than it knows of', () => {
    const { world, here, robot } = setup();
    const old = world.commitLease(here, 'drive_lock', 'ann');
    world.commitLease(here, 'none', null);
    expect(here.relay.command([NAVIGATE], old.epoch)).toBe('stale');
    expect(robot.sent.filter((text) => text.includes('NAVIGATE'))).toEqual([]);
  });

  it('does not seat a person under an older lease than was heard of, whatever his replica believes', () => {
    const { world, here } = setup();
    const old = world.commitLease(here, 'drive_lock', 'ann');
    // Word of a newer lease comes by way of its holder, before the lease's own.
    here.relay.heardSeat({
      replica: 'r9',
      epoch: old.epoch + 1,
      tenure: { kind: 'preemption', userId: 'boss' },
    });
    expect(world.sitByHand(here, old)).toBeUndefined();
    expect(here.relay.remoteSeat?.epoch).toBe(old.epoch + 1);
  });

  it('takes frames of two replicas whose clocks have nothing to do with each other', () => {
    const { world, here, robot } = setup(1);
    const lease = world.commitLease(here, 'drive_lock', 'ann');
    here.relay.heardSeat({ replica: 'a', epoch: lease.epoch, tenure: { kind: 'drive_lock', userId: 'ann' } });
    const frame = Buffer.from(unsealedDrive(0.5, 0, lease.epoch));
    const send = (from: string, sentAt: number) =>
      acceptFromRemoteDriver(here.relay, lease.epoch, sentAt, frame, { binary: false, unsealed: true, from });
    send('a', 1_000_000);
    // Her replica died; another one, which started a moment ago, goes on under the same lock.
    send('b', 12);
    world.now += 20;
    send('b', 32);
    send('a', 1_000_020);
    expect(commandsOf(robot)).toHaveLength(4);
    expect(here.counters.dropped.late).toBe(0);
  });

  it('refuses frames of a seat whose epoch was overtaken by a command', () => {
    const { world, here, robot } = setup();
    const lease = world.commitLease(here, 'drive_lock', 'ann');
    const seat = world.sitByHand(here, lease)!;
    here.relay.command([NAVIGATE], lease.epoch + 1);
    drive(here, seat, 0.9);
    expect(commandsOf(robot).map(({ command }) => command)).toEqual(['NAVIGATE']);
    expect(here.counters.dropped.stale_epoch).toBe(1);
  });

  it('still stops a robot that is driven by hand when a CANCEL went out meanwhile', () => {
    const { world, here, robot } = setup();
    const lease = world.commitLease(here, 'drive_lock', 'ann');
    const seat = world.sitByHand(here, lease)!;
    drive(here, seat, 0.9);
    here.relay.command([{ command: 'CANCEL', taskId: 'another' }], lease.epoch);
    here.relay.leave(seat);
    expect(commandsOf(robot).at(-1)).toMatchObject({ command: 'DRIVE_COMMAND', linear_velocity: 0 });
  });

  it('numbers the commands of each robot on their own, near the clock', () => {
    const { world, here, robot } = setup();
    const seat = world.sitByHand(here, world.commitLease(here, 'drive_lock', 'ann'))!;
    for (let frame = 0; frame < 50; frame += 1) {
      world.now += 20;
      drive(here, seat, 0.5);
    }
    const seqs = commandsOf(robot).map(({ lease }) => lease.seq);
    expect(seqs.at(-1)! - seqs[0]!).toBe(49 * 20);
  });

  it('sends all commands or none, and none to a robot that takes no more', () => {
    const { here, robot } = setup();
    robot.bufferedAmount = LIMITS.robotBufferBytes + 1;
    expect(here.relay.command([{ command: 'CANCEL' }, NAVIGATE], 5)).toBe('slow');
    expect(robot.sent).toEqual([]);
    robot.bufferedAmount = 0;
    expect(here.relay.command([{ command: 'CANCEL' }, NAVIGATE], 5)).toBe('sent');
    expect(commandsOf(robot).map(({ command }) => command)).toEqual(['CANCEL', 'NAVIGATE']);
  });

  it('tells the gateway what a robot says to it, and drops the rest', () => {
    const { here } = setup();
    const peer = here.relay.robot!;
    robotFrame(here.relay, peer, Buffer.from('{"type":"ack","id":"x","accepted":true}'), false);
    robotFrame(here.relay, peer, Buffer.from('{"pose":1}'), false);
    expect(here.said).toEqual(['{"type":"ack","id":"x","accepted":true}']);
    expect(here.counters.dropped.no_driver).toBe(1);
  });

  it('carries frames to a robot at another replica, and stops it when the driver’s replica falls silent', () => {
    const { world, here, robot } = setup(2);
    const there = world.replicas[1]!;
    const seat = world.sitByHand(there, world.commitLease(there, 'drive_lock', 'ann'))!;
    world.deliverAll();
    drive(there, seat, 0.5);
    world.deliverAll();
    expect(commandsOf(robot)).toMatchObject([{ linear_velocity: 0.5, lease: { epoch: seat.epoch } }]);
    world.now += LIMITS.seatLostMs + 1;
    here.tick();
    expect(commandsOf(robot).at(-1)).toMatchObject({ linear_velocity: 0 });
  });

  it('keeps sockets that named no robot side by side, up to a limit, and no others', () => {
    const { world, here } = setup();
    let generation = 100;
    const attach = (unnamed: boolean) => {
      const wire = new FakeWire();
      const options = { generation: (generation += 1), announcesLease: false, unnamed, framesPerSecond: 10 };
      here.relay.attach(new RobotPeer(wire, options));
      return wire;
    };
    const named = here.relay.robot!.wire as FakeWire;
    const [first, second, third, fourth] = [attach(true), attach(true), attach(true), attach(true)];
    expect(named.closed).toBe(4002);
    expect(first.closed).toBe(4002);
    here.relay.command([NAVIGATE], 1);
    for (const wire of [second, third, fourth]) expect(commandsOf(wire)).toHaveLength(1);
    here.relay.detach(here.relay.robot!);
    here.relay.command([NAVIGATE], 1);
    expect([second, third, fourth].map((wire) => commandsOf(wire).length)).toEqual([2, 2, 1]);
    attach(false);
    expect([second.closed, third.closed]).toEqual([4002, 4002]);
    expect(world.replicas).toHaveLength(1);
  });
});

describe('driving by hand over three replicas, whatever happens in whatever order', () => {
  const REPLICAS = 3;
  const where = fc.nat({ max: REPLICAS - 1 });
  const KINDS = ['drive_lock', 'preemption', 'teach', 'none'] as const;
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('deliver' as const), at: fc.nat({ max: REPLICAS * 2 - 1 }) }),
    },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('frame' as const), at: fc.nat({ max: 40 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('lease' as const), at: fc.nat({ max: 11 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('sit' as const), at: where }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('dispatch' as const), at: where }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), at: fc.nat({ max: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('robot' as const), at: where }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('time' as const), at: fc.nat({ max: 600 }) }) },
  );

  function play(steps: readonly { do: string; at: number }[]): void {
    const world = new RelayWorld(REPLICAS);
    const seats: { seat: ManualSeat; replica: Replica }[] = [];
    const robots: { wire: FakeWire; seen: number; epoch: number; seq: number }[] = [];
    /** Whose each epoch is, as the database has it. */
    const holders = new Map<number, string | null>();
    let newest = world.commitLease(world.replicas[0]!, 'none', null);
    holders.set(newest.epoch, null);

    const look = () => {
      for (const robot of robots) {
        for (const text of robot.wire.sent.slice(robot.seen)) {
          const frame = JSON.parse(text) as Command & { by?: number; type?: string };
          if (frame.type === 'lease') continue;
          const { epoch, seq } = frame.lease;
          // What was said under an older lease never follows what was said under a newer.
          expect(epoch).toBeGreaterThanOrEqual(robot.epoch);
          if (epoch === robot.epoch) expect(seq).toBeGreaterThan(robot.seq);
          [robot.epoch, robot.seq] = [epoch, seq];
        }
        robot.seen = robot.wire.sent.length;
      }
      for (const { relay } of world.replicas) {
        expect(relay.seat === undefined || relay.seat.epoch >= relay.fence).toBe(true);
        expect(relay.remoteSeat === undefined || relay.remoteSeat.epoch >= relay.fence).toBe(true);
      }
    };

    for (const { do: what, at } of steps) {
      const replica = world.replicas[at % REPLICAS]!;
      if (what === 'deliver') replica.deliver(Math.floor(at / REPLICAS));
      else if (what === 'lease') {
        const kind = KINDS[at % KINDS.length]!;
        newest = world.commitLease(replica, kind, kind === 'none' ? null : `user${at}`, 400 + at * 50);
        holders.set(newest.epoch, newest.userId);
      } else if (what === 'sit') {
        // A person's frame comes to a replica that believes the lease to be his.
        const lease = replica.lease;
        if (lease !== undefined && world.now < lease.deadline) {
          const seat = world.sitByHand(replica, lease);
          if (seat !== undefined) seats.push({ seat, replica });
        }
      } else if (what === 'frame') {
        const from = seats[at % Math.max(1, seats.length)];
        if (from !== undefined) drive(from.replica, from.seat, 1);
      } else if (what === 'dispatch') {
        // The queue of routes sends one on, under an epoch of its own.
        newest = world.commitLease(replica, 'none', null);
        holders.set(newest.epoch, null);
        replica.relay.command([NAVIGATE], newest.epoch);
      } else if (what === 'leave') {
        const who = seats[at % Math.max(1, seats.length)];
        if (who !== undefined) who.replica.relay.leave(who.seat);
      } else if (what === 'robot') {
        // A new socket of the robot's: what it was told before is behind it.
        robots.push({ wire: world.attachRobot(replica), seen: 0, epoch: 0, seq: 0 });
      } else {
        world.now += at;
        for (const each of world.replicas) each.tick();
      }
      look();
    }

    // Nobody's any more: everybody learns so, and no robot is left moving.
    world.commitLease(world.replicas[0]!, 'none', null);
    world.deliverAll();
    look();
    for (const { relay } of world.replicas) {
      expect(relay.seat).toBeUndefined();
      expect(relay.remoteSeat).toBeUndefined();
      expect(relay.deadman.driving).toBe(false);
    }
    // Each epoch was one person's: two drivers can never have had the robot at the same time.
    for (const { seat } of seats) {
      const { tenure } = seat;
      expect(tenure.kind === 'session' ? undefined : tenure.userId).toBe(holders.get(seat.epoch));
    }
    for (const { wire } of robots) {
      const moving = commandsOf(wire)
        .filter(({ command }) => command === 'DRIVE_COMMAND')
        .at(-1);
      if (wire.closed === undefined && moving !== undefined) {
        const last = commandsOf(wire).at(-1)!;
        expect(last.command === 'NAVIGATE' || last.linear_velocity === 0).toBe(true);
      }
    }
  }

  it('obeys epochs in their order, one person an epoch, and leaves no robot moving', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => play(steps)),
      { numRuns: 600 },
    );
  });
});
