import fc from 'fast-check';
import {
  activated,
  ended,
  LIMITS,
  RelayWorld,
  type FakeWire,
  type Replica,
} from '../testing/relay-world.spec-support';
import type { DriverSeat } from './driver-seat';
import { robotFrame } from './frame-path';

function setup() {
  const world = new RelayWorld(1);
  const here = world.replicas[0]!;
  const robot = world.attachRobot(here);
  here.hear(activated(1));
  const { seat, wire } = world.seat(here, 1);
  return { world, here, robot, seat, driver: wire };
}

describe('the relay of one robot', () => {
  it('lets nobody sit with an epoch that has been overtaken', () => {
    const { world, here, driver } = setup();
    const old = world.nextEpoch();
    world.seat(here, 1);
    expect(driver.closed).toBe(4002);
    expect(world.seat(here, 1, old).in).toBe(false);
  });

  it('drops what a replaced or ended driver still sends', () => {
    const { here, robot, seat } = setup();
    here.hear(ended(1));
    const before = robot.sent.length;
    here.driverFrame(seat, 'late');
    expect(robot.sent).toHaveLength(before);
    expect(here.counters.dropped.stale_epoch).toBe(1);
  });

  it('says stop before it says that the lease has ended, and names the lease in both', () => {
    const { here, robot, seat } = setup();
    here.driverFrame(seat, 'go');
    here.hear(ended(1));
    const [stop, lease] = robot.sent.slice(-2).map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(stop).toEqual({
      command: 'DRIVE_COMMAND',
      linear_velocity: 0,
      angular_velocity: 0,
      lease: { epoch: seat.epoch + 1, seq: expect.any(Number) as number },
    });
    expect(lease).toEqual({ type: 'lease', lease: { epoch: seat.epoch, seq: 0 }, state: 'ended' });
  });

  it('tells a robot that comes back whose lease it is', () => {
    const { world, here } = setup();
    const again = world.attachRobot(here);
    expect(again.sent.map((text) => JSON.parse(text) as object)).toEqual([
      { type: 'lease', lease: { epoch: 1, seq: 0 }, state: 'granted' },
    ]);
    here.hear(ended(1));
    const later = world.attachRobot(here);
    expect(JSON.parse(later.sent[0]!)).toMatchObject({ state: 'ended' });
  });

  it('ends a turn at its deadline without hearing of it', () => {
    const world = new RelayWorld(1);
    const here = world.replicas[0]!;
    const robot = world.attachRobot(here);
    here.hear(activated(1, 5_000));
    const { wire } = world.seat(here, 1);
    world.now = 4_999;
    here.tick();
    expect(wire.closed).toBeUndefined();
    world.now = 5_000;
    here.tick();
    expect(wire.closed).toBe(4001);
    expect(robot.stops()).toHaveLength(1);
  });

  it('stops the robot the moment its driver leaves, if he drove', () => {
    const { here, robot, seat } = setup();
    here.relay.leave(seat);
    expect(robot.stops()).toHaveLength(0);
    const { world } = here;
    const { seat: again } = world.seat(here, 1);
    here.driverFrame(again, 'go');
    here.relay.leave(again);
    expect(robot.stops()).toHaveLength(1);
  });

  it('does not queue what a slow driver does not read', () => {
    const { here, driver } = setup();
    driver.bufferedAmount = 1e9;
    robotFrame(here.relay, here.relay.robot!, Buffer.from('state'), false);
    expect(driver.sent).toEqual([]);
    expect(here.counters.dropped.driver_slow).toBe(1);
  });

  it('remembers nothing once robot, driver and turn are gone', () => {
    const { here, robot, seat } = setup();
    expect(here.relay.idle).toBe(false);
    here.relay.leave(seat);
    here.relay.detach(here.relay.robot!);
    here.hear(ended(1));
    expect(here.relay.idle).toBe(true);
    expect(robot.closed).toBeUndefined();
  });
});

describe('the relay over replicas', () => {
  function setupApart() {
    const world = new RelayWorld(3);
    const [robotSide, first, second] = world.replicas as [Replica, Replica, Replica];
    for (const replica of world.replicas) replica.hear(activated(1));
    const robot = world.attachRobot(robotSide);
    world.deliverAll();
    const { seat } = world.seat(first, 1);
    world.deliverAll();
    return { world, robotSide, first, second, robot, seat };
  }

  it('refuses a frame that was overtaken on its way by the seat that replaced its own', () => {
    const { world, robotSide, first, second, robot, seat } = setupApart();
    first.driverFrame(seat, 'old');
    world.seat(second, 1);
    // The second replica's word comes first.
    robotSide.deliver(1);
    world.deliverAll();
    expect(robot.sent).not.toContain('old');
    expect(robotSide.counters.dropped.stale_epoch).toBe(1);
  });

  it('does not take in the seat of a turn it knows to be over', () => {
    const { world, robotSide, first, robot, seat } = setupApart();
    robotSide.hear(ended(1));
    first.relay.announceSeat(world.now);
    first.driverFrame(seat, 'old');
    world.deliverAll();
    expect(robot.sent).not.toContain('old');
    const unheard = new RelayWorld(2);
    const [here, there] = unheard.replicas as [Replica, Replica];
    here.hear(ended(1));
    there.hear(activated(1));
    unheard.seat(there, 1);
    unheard.deliverAll();
    expect(here.relay.remoteSeat).toBeUndefined();
  });

  it('stops the robot when the heartbeats of its driver’s replica cease', () => {
    const { world, robotSide, first, robot, seat } = setupApart();
    first.driverFrame(seat, 'go');
    world.deliverAll();
    world.now += LIMITS.seatLostMs;
    robotSide.tick();
    expect(robot.stops()).toHaveLength(0);
    world.now += 1;
    robotSide.tick();
    expect(robot.stops()).toHaveLength(1);
    // Only the network was slow: the next heartbeat joins them again.
    first.relay.announceSeat(world.now);
    first.driverFrame(seat, 'on');
    world.deliverAll();
    expect(robot.sent).toContain('on');
  });

  it('drops a frame that was held up on the way for too long', () => {
    const { world, first, robot, robotSide, seat } = setupApart();
    first.driverFrame(seat, 'prompt');
    world.deliverAll();
    first.driverFrame(seat, 'held up');
    world.now += LIMITS.maxLateMs + 1;
    world.deliverAll();
    expect(robot.sent).toContain('prompt');
    expect(robot.sent).not.toContain('held up');
    expect(robotSide.counters.dropped.late).toBe(1);
  });
});

interface Seated {
  readonly seat: DriverSeat;
  readonly replica: number;
  readonly turn: number;
}

describe('the relay over three replicas, whatever happens in whatever order', () => {
  const REPLICAS = 3;
  const where = fc.nat({ max: REPLICAS - 1 });
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('deliver' as const), at: fc.nat({ max: REPLICAS * 2 - 1 }) }),
    },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('frame' as const), at: fc.nat({ max: 20 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('sit' as const), at: where }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), at: fc.nat({ max: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('robot' as const), at: where }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('nextTurn' as const), at: where }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('hear' as const), at: where }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('time' as const), at: fc.nat({ max: 600 }) }) },
  );

  /** Runs the steps; after each, looks at every frame that reached a robot's socket in it. */
  function play(steps: readonly { do: string; at: number }[]): void {
    const world = new RelayWorld(REPLICAS);
    let turn = 1;
    for (const replica of world.replicas) replica.hear(activated(1));
    const seated: Seated[] = [];
    const robots: { wire: FakeWire; replica: number; seen: number; epoch: number; stops: number }[] = [];
    const pick = (index: number) => seated[index % Math.max(1, seated.length)];

    const look = () => {
      for (const robot of robots) {
        const heardTurn = world.replicas[robot.replica]!.turn!.turn;
        for (const text of robot.wire.sent.slice(robot.seen)) {
          const frame = JSON.parse(text) as { epoch?: number; turn?: number };
          if (frame.epoch === undefined) continue;
          // A frame of an older epoch never follows one of a newer, nor one of a turn known to be over.
          expect(frame.epoch).toBeGreaterThanOrEqual(robot.epoch);
          expect(frame.turn).toBe(heardTurn);
          robot.epoch = frame.epoch;
        }
        robot.seen = robot.wire.sent.length;
      }
      for (const { relay } of world.replicas) {
        expect(relay.seat === undefined || relay.seat.epoch >= relay.fence).toBe(true);
        expect(relay.remoteSeat === undefined || relay.remoteSeat.epoch >= relay.fence).toBe(true);
        expect(relay.seat !== undefined && relay.remoteSeat !== undefined).toBe(false);
      }
    };

    for (const { do: what, at } of steps) {
      if (what === 'deliver') world.replicas[at % REPLICAS]!.deliver(Math.floor(at / REPLICAS));
      else if (what === 'sit') {
        const replica = world.replicas[at]!;
        // As the socket does: only under the turn this replica knows to be running.
        if (replica.turn!.turn === turn) {
          const { seat, in: isIn } = world.seat(replica, turn);
          if (isIn) seated.push({ seat, replica: at, turn });
        }
      } else if (what === 'frame') {
        const from = pick(at);
        if (from !== undefined) {
          const text = JSON.stringify({ epoch: from.seat.epoch, turn: from.turn });
          world.replicas[from.replica]!.driverFrame(from.seat, text);
        }
      } else if (what === 'leave') {
        const who = pick(at);
        if (who !== undefined) world.replicas[who.replica]!.relay.leave(who.seat);
      } else if (what === 'robot') {
        robots.push({
          wire: world.attachRobot(world.replicas[at]!),
          replica: at,
          seen: 0,
          epoch: 0,
          stops: 0,
        });
      } else if (what === 'nextTurn') {
        turn += 1;
        // The database counts the end and the beginning too.
        world.nextEpoch();
        world.nextEpoch();
        world.replicas[at]!.hear(ended(turn - 1));
        world.replicas[at]!.hear(activated(turn));
      } else if (what === 'hear') world.replicas[at]!.hear(activated(turn));
      else {
        world.now += at;
        for (const replica of world.replicas) replica.tick();
      }
      look();
    }

    // Left alone, everybody learns the present, and no robot is left moving.
    for (const replica of world.replicas) replica.hear(ended(turn));
    world.deliverAll();
    look();
    for (const { relay } of world.replicas) {
      expect(relay.deadman.driving).toBe(false);
      expect(relay.seat).toBeUndefined();
    }
    expect(robots.filter(({ wire }) => wire.closed === undefined).length).toBeLessThanOrEqual(1);
  }

  it('obeys epochs in their order, never an ended turn, and leaves no robot moving', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => play(steps)),
      { numRuns: 400 },
    );
  });
});
