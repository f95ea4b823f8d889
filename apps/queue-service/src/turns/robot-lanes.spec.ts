import { RobotLanes } from './robot-lanes';

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('robot lanes', () => {
  it('run one change of a robot at a time, in order, and other robots beside it', async () => {
    const lanes = new RobotLanes(10);
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} starts`);
      await tick();
      events.push(`${name} ends`);
    };
    await Promise.all([lanes.run('a', work('a1')), lanes.run('a', work('a2')), lanes.run('b', work('b1'))]);
    expect(events.filter((event) => event.startsWith('a'))).toEqual([
      'a1 starts',
      'a1 ends',
      'a2 starts',
      'a2 ends',
    ]);
    expect(events.indexOf('b1 starts')).toBeLessThan(events.indexOf('a1 ends'));
  });

  it('go on after a failure, which only its caller sees', async () => {
    const lanes = new RobotLanes(10);
    const failing = lanes.run('a', () => Promise.reject(new Error('no')));
    const next = lanes.run('a', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it('refuse with 503 when too many wait, and take again once they have gone', async () => {
    const lanes = new RobotLanes(2);
    const waiting = [lanes.run('a', tick), lanes.run('a', tick)];
    await expect(lanes.run('a', tick)).rejects.toMatchObject({ status: 503, code: 'ROBOT_BUSY' });
    await Promise.all(waiting);
    await expect(lanes.run('a', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
