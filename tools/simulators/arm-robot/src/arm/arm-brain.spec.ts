import { ArmBrain } from './arm-brain';

const turn = JSON.stringify({ type: 'joint_velocity', joints: [0.5, 0, 0, 0, 0, 0] });
const stop = JSON.stringify({ command: 'DRIVE_COMMAND', linear_velocity: 0, angular_velocity: 0 });
const lease = (epoch: number, state: string) =>
  JSON.stringify({ type: 'lease', lease: { epoch, seq: 0 }, state });
const lock = (token: string) => JSON.stringify({ type: 'lock_request', token });

describe('how the arm obeys', () => {
  it('stops by itself when nobody has commanded it for its deadman’s time', () => {
    const brain = new ArmBrain(1_000);
    brain.receive(turn, 0);
    expect(brain.tick(900, 0.02)).toBeUndefined();
    expect(brain.arm.moving).toBe(true);
    expect(brain.tick(1_001, 0.02)).toBe('deadman');
    expect(brain.arm.moving).toBe(false);
  });

  it('stops on a drive command of nought', () => {
    const brain = new ArmBrain(1_000);
    brain.receive(turn, 0);
    expect(brain.receive(stop, 10).stopped).toBe('command');
    expect(brain.arm.moving).toBe(false);
  });

  it('bends base and elbow by a joystick made for wheels', () => {
    const brain = new ArmBrain(1_000);
    brain.receive(
      JSON.stringify({ command: 'DRIVE_COMMAND', linear_velocity: 0.2, angular_velocity: -0.4 }),
      0,
    );
    brain.tick(20, 0.5);
    expect(brain.arm.joints[0]).toBeCloseTo(-0.2);
    expect(brain.arm.joints[2]).toBeCloseTo(0.1);
  });

  it('grants its lock to one token at a time, again to the same, and anew after the lease ended', () => {
    const brain = new ArmBrain(1_000);
    expect(brain.receive(lock('a'), 0).answer).toEqual({ type: 'lock_granted' });
    expect(brain.receive(lock('a'), 0).answer).toEqual({ type: 'lock_granted' });
    expect(brain.receive(lock('b'), 0).answer).toEqual({ type: 'busy' });
    brain.receive(lease(1, 'ended'), 1);
    expect(brain.receive(lock('b'), 2).answer).toEqual({ type: 'lock_granted' });
  });

  it('stops at the end of the lease and obeys nobody until the next is granted', () => {
    const brain = new ArmBrain(1_000);
    brain.receive(lease(1, 'granted'), 0);
    brain.receive(turn, 0);
    expect(brain.receive(lease(1, 'ended'), 1).stopped).toBe('lease');
    expect(brain.arm.moving).toBe(false);
    expect(brain.receive(turn, 2).answer).toEqual({ type: 'error', code: 'NO_LEASE' });
    brain.receive(lease(3, 'granted'), 3);
    expect(brain.receive(turn, 4).answer).toBeUndefined();
  });

  it('refuses a command of an older epoch, but obeys its stop', () => {
    const brain = new ArmBrain(1_000);
    brain.receive(lease(5, 'granted'), 0);
    brain.receive(turn, 0);
    const old = { type: 'home', lease: { epoch: 4, seq: 1 } };
    expect(brain.receive(JSON.stringify(old), 1).answer).toEqual({ type: 'error', code: 'STALE_LEASE' });
    const oldStop = { ...(JSON.parse(stop) as object), lease: { epoch: 4, seq: 2 } };
    expect(brain.receive(JSON.stringify(oldStop), 2).stopped).toBe('command');
  });

  it('does not let an older lease bring its epoch back', () => {
    const brain = new ArmBrain(1_000);
    brain.receive(lease(5, 'granted'), 0);
    brain.receive(lease(4, 'ended'), 1);
    expect(brain.leases.current).toEqual({ epoch: 5, state: 'granted' });
    expect(brain.leases.entries).toHaveLength(1);
  });

  it('answers an unknown command with its code', () => {
    expect(new ArmBrain(1_000).receive('{"type":"dance"}', 0).answer).toMatchObject({
      type: 'error',
      code: 'UNKNOWN_COMMAND',
    });
  });

  it('reports its pose, its motion and the lease it knows', () => {
    const brain = new ArmBrain(1_000);
    brain.receive(lease(2, 'granted'), 0);
    expect(brain.report('arm1', 5)).toEqual({
      type: 'state',
      robotId: 'arm1',
      t: 5,
      joints: [0, 0, 0, 0, 0, 0],
      velocities: [0, 0, 0, 0, 0, 0],
      gripper: 0,
      moving: false,
      lease: { epoch: 2, state: 'granted' },
    });
  });
});
