import { ALL_CAPABILITIES } from '../options';
import { drive, navigate, setup, step } from './brain.spec-support';

const to = (destination: object) => ({ destination });

describe('a step', () => {
  it.each([
    ['grip', { target: 'open' }, { gripPosition: 100 }],
    ['grip', { target: 'position', positionMm: 50 }, { gripPosition: 50 }],
    ['rotate', { targetDeg: 90 }, { rotationAngleDeg: 90 }],
    ['telescope', { targetMm: 600 }, { telescopeLength: 600 }],
    ['hoist', { targetMm: 900 }, { hoistHeight: 900 }],
    ['wait', { reason: 'stabilize' }, {}],
  ])('%s %j takes its time, has its effect and is said to be done', (type, payload, effect) => {
    const { brain, say, pass, events, acks } = setup();
    const before = { ...brain.table.actuators };
    say(step('a', type, payload));
    pass(1.9);
    expect([brain.mode, events, brain.table.actuators]).toEqual(['TASK', [], before]);
    pass(0.2);
    expect(brain.table.actuators).toEqual({ ...before, ...effect });
    expect(events).toEqual([{ event: 'STEP_DONE', taskId: 't', stepId: 's-a' }]);
    expect([brain.mode, acks[0]?.accepted]).toEqual(['IDLE', true]);
  });

  it.each([
    [{ nodeId: 'Kitchen' }, undefined, [4, 0]],
    [{ pointId: 'Office' }, undefined, [0, 3]],
    [{ nodeId: 'Living Room' }, ['Home', 'Kitchen', 'Living Room'], [4, 3]],
    [{ x: 4, y: 1 }, undefined, [4, 1]],
  ])('moveToPoint %j drives there', (destination, path, [x, y]) => {
    const { brain, say, pass, events } = setup();
    say(step('a', 'moveToPoint', to(destination), { path }));
    expect(brain.mode).toBe('TASK');
    pass(10);
    expect([brain.table.pose.x, brain.table.pose.y]).toEqual([x, y]);
    expect(events).toEqual([{ event: 'STEP_DONE', taskId: 't', stepId: 's-a' }]);
  });

  it.each([
    ['missionRef', {}, {}, 'UNKNOWN_STEP missionRef'],
    ['grip', { target: 'squeeze' }, {}, 'BAD_STEP payload.target'],
    ['hoist', {}, {}, 'BAD_STEP payload.targetMm'],
    ['moveToPoint', {}, {}, 'BAD_STEP payload.destination'],
    ['moveToPoint', to({ nodeId: 'Attic' }), {}, 'UNKNOWN_NODE Attic'],
    [
      'moveToPoint',
      to({ nodeId: 'Office' }),
      { path: ['Home', 'Kitchen'] },
      'BAD_PATH does not end at its destination',
    ],
    ['wait', {}, { step: { type: 'wait', payload: {} } }, 'BAD_STEP requiredTimeSeconds'],
    ['rotate', { targetDeg: 1 }, {}, 'NO_CAPABILITY hasRotate'],
  ])('%s %j %j is refused', (type, payload, extra, reason) => {
    const { brain, say, acks } = setup({ capabilities: { ...ALL_CAPABILITIES, hasRotate: false } });
    say(step('a', type, payload, extra));
    expect(acks).toEqual([{ type: 'ack', id: 'a', accepted: false, reason }]);
    expect(brain.mode).toBe('IDLE');
  });

  it('is refused while the robot does something else', () => {
    const { say, acks } = setup();
    say(navigate('n'));
    say(step('a', 'wait', {}));
    say({ command: 'SET_MODE', mode: 'MANUAL' });
    say(step('b', 'wait', {}));
    expect(acks.slice(1).map(({ reason }) => reason)).toEqual(['BUSY NAVIGATING', 'BUSY MANUAL']);
  });

  it('fails when it takes longer than it may', () => {
    const { brain, say, pass, events } = setup();
    say(step('a', 'moveToPoint', to({ nodeId: 'Bedroom' }), { timeoutSeconds: 3 }));
    pass(3.1);
    expect(events).toEqual([{ event: 'STEP_FAILED', taskId: 't', stepId: 's-a', reason: 'TIMEOUT' }]);
    expect([brain.mode, brain.orders.last?.status]).toEqual(['IDLE', 'FAILED']);
  });

  it.each([
    ['a cancel', { command: 'CANCEL' }, 'CANCELED'],
    ['a cancel of its task', { command: 'CANCEL', taskId: 't' }, 'CANCELED'],
    ['a route', navigate('n'), 'REPLACED'],
    ['a hand', drive(0.2), 'MANUAL_DRIVE'],
  ])('is ended by %s', (_, frame, reason) => {
    const { brain, say, pass, events } = setup();
    say(step('a', 'wait', {}));
    say(frame);
    expect(events).toEqual([{ event: 'STEP_FAILED', taskId: 't', stepId: 's-a', reason }]);
    pass(3);
    expect(events.filter((event) => 'event' in event && event.event === 'STEP_DONE')).toEqual([]);
    expect(brain.orders.get('a')).toMatchObject({ status: 'CANCELED' });
  });

  it('goes on when another task is cancelled', () => {
    const { brain, say } = setup();
    say(step('a', 'wait', {}));
    say({ command: 'CANCEL', taskId: 'other' });
    expect(brain.mode).toBe('TASK');
  });

  it('done long ago tells its result again when it is asked for again', () => {
    const { say, pass, events } = setup();
    say(step('a', 'wait', {}));
    pass(3);
    say(step('a', 'wait', {}));
    pass(3);
    expect(events).toEqual([
      { event: 'STEP_DONE', taskId: 't', stepId: 's-a' },
      { event: 'STEP_DONE', taskId: 't', stepId: 's-a' },
    ]);
  });

  it('has failed when the power was lost', () => {
    const { brain, say, events, now } = setup();
    say(step('a', 'wait', {}));
    brain.powerLost(now());
    expect(events).toMatchObject([{ event: 'STEP_FAILED', reason: 'POWER_LOSS' }]);
    expect(brain.mode).toBe('IDLE');
  });
});
