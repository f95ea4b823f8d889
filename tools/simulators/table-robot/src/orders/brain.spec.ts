import { drive, navigate, setup, step } from './brain.spec-support';

describe('a route', () => {
  it('is driven, said to be reached, and leaves the robot idle', () => {
    const { brain, say, pass, acks, events } = setup();
    say(navigate('a'));
    expect([brain.mode, brain.table.targetNode, brain.orders.last]).toMatchObject([
      'NAVIGATING',
      'Kitchen',
      { id: 'a', status: 'RUNNING' },
    ]);
    pass(3.9);
    expect([brain.mode, events]).toEqual(['NAVIGATING', []]);
    pass(0.2);
    expect([brain.mode, brain.table.lastNode, brain.table.targetNode]).toEqual(['IDLE', 'Kitchen', null]);
    expect(events).toEqual([{ event: 'DESTINATION_REACHED' }]);
    expect(acks).toEqual([{ type: 'ack', id: 'a', accepted: true }]);
    expect(brain.orders.last).toMatchObject({ status: 'DONE' });
  });

  it('begins with a drive to its start', () => {
    const { brain, say, pass } = setup({ home: 'Charging Station' });
    say(navigate('a'));
    pass(1);
    expect(brain.table.pose.y).toBeLessThan(0);
    pass(6);
    expect(brain.table.lastNode).toBe('Kitchen');
  });

  it('is cancelled where it is; the next begins from there', () => {
    const { brain, say, pass, events } = setup();
    say(navigate('a'));
    pass(2);
    say({ command: 'CANCEL', id: 'c' });
    const { x } = brain.table.pose;
    pass(1);
    expect([brain.mode, brain.table.pose.x, events]).toEqual(['IDLE', x, []]);
    expect(brain.orders.last).toMatchObject({ id: 'a', status: 'CANCELED' });
    say(navigate('b'));
    pass(2);
    expect(brain.table.lastNode).toBe('Home');
    pass(6);
    expect(brain.table.lastNode).toBe('Kitchen');
  });

  it('gives way to the next', () => {
    const { brain, say } = setup();
    say(navigate('a'));
    say(navigate('b', 'Home', 'Office'));
    expect(brain.orders.get('a')).toMatchObject({ status: 'CANCELED', reason: 'REPLACED' });
    expect(brain.table.targetNode).toBe('Office');
  });

  it('that cannot be driven is refused and warned of, and changes nothing', () => {
    const { brain, say, acks, events } = setup();
    say(navigate('a'));
    say(navigate('b', 'Home', 'Attic'));
    expect(acks[1]).toEqual({ type: 'ack', id: 'b', accepted: false, reason: 'UNKNOWN_NODE Attic' });
    expect(events).toEqual([{ priority: 'WARN', message: 'NAVIGATE Home → Attic: UNKNOWN_NODE Attic' }]);
    expect([brain.orders.last?.id, brain.table.targetNode]).toEqual(['a', 'Kitchen']);
    expect(brain.log.entries[1]).toMatchObject({ verdict: 'obeyed', refused: 'UNKNOWN_NODE Attic' });
  });

  it('goes on without the socket', () => {
    const { brain, say, pass, now } = setup();
    say(navigate('a'));
    brain.linkLost(now());
    pass(5);
    expect(brain.table.lastNode).toBe('Kitchen');
  });
});

describe('a command that comes again', () => {
  it('is acknowledged again and not executed twice, whatever its seq', () => {
    const { brain, say, frame, pass, acks, events } = setup();
    const copy = { ...navigate('a'), lease: { epoch: 1, seq: 77 } };
    frame(copy);
    frame(copy);
    pass(5);
    say(navigate('b', 'Kitchen', 'Home'));
    pass(5);
    frame({ ...copy, lease: { epoch: 1, seq: 999 } });
    pass(10);
    expect(events).toHaveLength(2);
    expect(brain.table.lastNode).toBe('Home');
    expect(acks.map(({ id, accepted }) => [id, accepted])).toEqual([
      ['a', true],
      ['a', true],
      ['b', true],
      ['a', true],
    ]);
    expect(brain.log.entries.map(({ verdict }) => verdict)).toEqual([
      'obeyed',
      'repeated',
      'obeyed',
      'repeated',
    ]);
  });

  it('as a cancel, does not end what was begun after it', () => {
    const { brain, say } = setup();
    say(navigate('a'));
    say({ command: 'CANCEL', id: 'c' });
    say(navigate('b'));
    say({ command: 'CANCEL', id: 'c' });
    expect(brain.mode).toBe('NAVIGATING');
  });

  it('was refused: its copy is refused again, and a new try may pass', () => {
    const { frame, say, acks } = setup();
    const busy = { ...step('s', 'wait', {}), lease: { epoch: 2, seq: 5 } };
    say(navigate('a'), 2);
    frame(busy);
    frame(busy);
    say({ command: 'CANCEL' }, 2);
    frame({ ...busy, lease: { epoch: 2, seq: 90 } });
    expect(acks.filter(({ id }) => id === 's').map(({ accepted }) => accepted)).toEqual([false, false, true]);
  });

  it('of an older epoch is neither executed nor acknowledged', () => {
    const { brain, frame, say, acks } = setup();
    frame({ type: 'lease', lease: { epoch: 3, seq: 0 }, state: 'granted' });
    say(navigate('a'), 2);
    say(drive(1), 2);
    expect([brain.mode, acks, brain.hand.moving]).toEqual(['IDLE', [], false]);
    expect(brain.log.counts).toEqual({ obeyed: 0, stale_epoch: 2, repeated: 0, bad: 0 });
  });

  it('whose number another command had is not said to be accepted', () => {
    const { brain, frame, acks } = setup();
    frame({ ...navigate('a'), lease: { epoch: 1, seq: 1 } });
    frame({ ...navigate('b'), lease: { epoch: 1, seq: 1 } });
    expect(acks.map(({ id }) => id)).toEqual(['a']);
    expect(brain.orders.last?.id).toBe('a');
  });
});

describe('driving by hand', () => {
  it('moves until the deadman’s time is over, and records when', () => {
    const { brain, say, pass } = setup();
    say(drive(0.5));
    expect(brain.mode).toBe('MANUAL');
    pass(0.9);
    say(drive(0.5));
    pass(0.98);
    expect(brain.hand.moving).toBe(true);
    pass(0.04);
    expect(brain.hand).toMatchObject({ moving: false, startedAt: 0, stopCause: 'deadman' });
    expect(brain.hand.stoppedAt).toBe(1_900);
    expect(brain.table.pose.x).toBeCloseTo(0.94);
    expect(brain.hand.moves).toEqual([
      { at: 0, moving: true, epoch: 1 },
      { at: 1_900, moving: false, epoch: 1, cause: 'deadman' },
    ]);
  });

  it('is clamped, and logged as it was said', () => {
    const { brain, say } = setup();
    say(drive(9, -9));
    expect([brain.hand.linear, brain.hand.angular]).toEqual([1.5, -2]);
    expect(brain.log.entries[0]).toMatchObject({ linear: 9, angular: -9 });
  });

  it('ends with the lease: stopped, idle, and late frames of it are stale', () => {
    const { brain, say, frame } = setup();
    say(drive(0.5), 4);
    frame({ type: 'lease', lease: { epoch: 4, seq: 0 }, state: 'ended' });
    expect([brain.hand.stopCause, brain.mode]).toEqual(['lease', 'IDLE']);
    say(drive(0.5), 4);
    expect([brain.hand.moving, brain.log.counts.stale_epoch]).toEqual([false, 1]);
  });

  it('stops for the next driver’s grant', () => {
    const { brain, say, frame } = setup();
    say(drive(0.5), 4);
    frame({ type: 'lease', lease: { epoch: 4, seq: 0 }, state: 'granted' });
    expect(brain.hand.moving).toBe(true);
    frame({ type: 'lease', lease: { epoch: 5, seq: 0 }, state: 'granted' });
    expect([brain.hand.moving, brain.mode]).toEqual([false, 'MANUAL']);
  });

  it('takes over from a route, but a mere stop does not', () => {
    const { brain, say } = setup();
    say(navigate('a'));
    say(drive(0));
    expect(brain.mode).toBe('NAVIGATING');
    say(drive(0.1));
    expect([brain.mode, brain.orders.last?.status]).toEqual(['MANUAL', 'CANCELED']);
  });

  it('stops at once when the socket is lost', () => {
    const { brain, say, now } = setup();
    say(drive(0.5));
    brain.linkLost(now());
    expect(brain.hand).toMatchObject({ moving: false, stopCause: 'disconnected' });
  });

  it('that nobody goes on with leaves the robot idle in the end', () => {
    const { brain, say, pass } = setup();
    say({ command: 'SET_MODE', mode: 'MANUAL' });
    pass(29);
    expect(brain.mode).toBe('MANUAL');
    pass(2);
    expect(brain.mode).toBe('IDLE');
  });

  it('is allowed and ended by SET_MODE; a mode it does not know is warned of', () => {
    const { brain, say, events } = setup();
    say(navigate('a'));
    say({ command: 'SET_MODE', mode: 'MANUAL' });
    expect([brain.mode, brain.orders.last?.status]).toEqual(['MANUAL', 'CANCELED']);
    say(drive(0.5));
    say({ command: 'SET_MODE', mode: 'IDLE' });
    expect([brain.mode, brain.hand.stopCause]).toEqual(['IDLE', 'mode']);
    say({ command: 'SET_MODE', mode: 'DANCE' });
    expect(events).toEqual([{ priority: 'WARN', message: 'SET_MODE DANCE: unknown mode' }]);
  });
});
