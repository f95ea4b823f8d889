import { setup } from '../orders/brain.spec-support';
import { fetchAndBring } from './lesson';

const teachStart = (id = 't1', teachSessionId = 's1') => ({
  command: 'TEACH',
  id,
  type: 'teachStart',
  payload: { teachSessionId },
});
const teachStop = (id = 't2', payload: object = { teachSessionId: 's1' }) => ({
  command: 'TEACH',
  id,
  type: 'teachStop',
  payload,
});

type Payload = Record<string, unknown> & { intent?: { type: string }; corridor?: { pathIds: string[] } };
const payloads = (robot: ReturnType<typeof setup>) => robot.taught.map(({ payload }) => payload as Payload);
const wishes = (robot: ReturnType<typeof setup>) =>
  robot.taught.filter(({ payload }) => (payload as Payload).intent !== undefined);

describe('a robot that is taught', () => {
  it('tells of its state 50 times a second, from the start to the stop', () => {
    const robot = setup();
    robot.pass(1);
    expect(robot.taught).toHaveLength(0);
    robot.say(teachStart());
    expect(robot.brain.mode).toBe('TEACH');
    robot.pass(1);
    expect(robot.taught).toHaveLength(50);
    robot.say(teachStop());
    robot.pass(1);
    expect(robot.taught).toHaveLength(50);
    expect(robot.brain.mode).toBe('IDLE');
    expect(new Set(robot.taught.map(({ messageId }) => messageId)).size).toBe(50);
  });

  it('says where it is, on its way and at its nodes', () => {
    const robot = setup({ lesson: [{ lead: 'Kitchen' }] });
    robot.say(teachStart());
    robot.pass(6);
    const said = payloads(robot);
    expect(said[0]).toMatchObject({ poseX: 0, poseY: 0, nodeId: 'Home' });
    expect(said.some(({ corridor }) => corridor?.pathIds.includes('home-kitchen'))).toBe(true);
    expect(said.at(-1)).toMatchObject({ poseX: 4, poseY: 0, nodeId: 'Kitchen' });
  });

  it('passes on what its operator wants, in order, and does it', () => {
    const robot = setup({ lesson: fetchAndBring('Kitchen', 'Living Room') });
    robot.say(teachStart());
    robot.pass(12);
    const said = wishes(robot).filter(
      ({ messageId }, index, all) => all.findIndex((one) => one.messageId === messageId) === index,
    );
    expect(
      said.map(({ payload }) => [(payload as Payload).intent?.type, (payload as Payload)['nodeId']]),
    ).toEqual([
      ['moveToPoint', 'Kitchen'],
      ['grip', 'Kitchen'],
      ['moveToPoint', 'Living Room'],
      ['grip', 'Living Room'],
    ]);
    expect(robot.brain.table.actuators.gripPosition).toBe(100);
  });

  it('says again what was wanted until it is acknowledged', () => {
    const robot = setup({ lesson: [{ wish: { type: 'wait', requiredTimeSeconds: 1 } }] });
    robot.say(teachStart());
    robot.pass(2.5);
    const [first, ...again] = wishes(robot);
    expect(again).toEqual([first, first]);
    expect(robot.brain.teaching.finished).toBe(false);
    robot.frame({ type: 'teachAck', messageId: first!.messageId });
    robot.pass(2);
    expect(wishes(robot)).toHaveLength(3);
    expect(robot.brain.teaching.finished).toBe(true);
  });

  it('is driven by hand meanwhile, and goes on telling', () => {
    const robot = setup();
    robot.say(teachStart());
    robot.say({ command: 'DRIVE_COMMAND', linear_velocity: 1, angular_velocity: 0 });
    robot.pass(0.5);
    expect(payloads(robot).at(-1)!['poseX']).toBeCloseTo(0.5, 1);
    expect(robot.taught).toHaveLength(25);
  });

  it('begins once, does not while it is busy, and is not stopped for another session', () => {
    const robot = setup();
    robot.say(teachStart());
    robot.say(teachStop('t2', { teachSessionId: 'another' }));
    expect(robot.brain.teaching.sessionId).toBe('s1');
    robot.say(teachStop('t3', {}));
    expect(robot.brain.teaching.sessionId).toBeNull();
    robot.say(teachStart());
    expect(robot.brain.teaching.sessionId).toBeNull();
    robot.say({ command: 'NAVIGATE', id: 'n', start: 'Home', destination: 'Kitchen' });
    robot.say(teachStart('t4'));
    expect(robot.acks.at(-1)).toEqual({ type: 'ack', id: 't4', accepted: false, reason: 'BUSY NAVIGATING' });
  });

  it('is not taught any more after a loss of power', () => {
    const robot = setup();
    robot.say(teachStart());
    robot.brain.powerLost(robot.now());
    robot.pass(1);
    expect(robot.taught).toHaveLength(0);
  });

  it.each([
    [{ command: 'TEACH', id: 'x', type: 'teachPause', payload: {} }],
    [{ command: 'TEACH', id: 'x', type: 'teachStart', payload: {} }],
  ])('refuses what makes no sense: %j', (frame) => {
    const robot = setup();
    robot.say(frame);
    expect(robot.acks).toEqual([expect.objectContaining({ id: 'x', accepted: false })]);
  });
});
