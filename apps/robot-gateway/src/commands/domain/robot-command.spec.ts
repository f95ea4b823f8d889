import { showsTaken } from './acknowledged';
import { seal, unsealed, unsealedDrive, type RobotCommand } from './robot-command';
import { Sequence } from './sequence';

describe('a command as the robot gets it', () => {
  it.each<RobotCommand>([
    { command: 'NAVIGATE', start: 'Ho"me', destination: 'Kü}che' },
    { command: 'NAVIGATE', start: 'A', destination: 'B', id: 'x', path: ['A', 'C', 'B'] },
    { command: 'CANCEL' },
    { command: 'SET_MODE', mode: 'MANUAL' },
  ])('is itself and the lease it is given under: %j', (command) => {
    expect(JSON.parse(seal(unsealed(command, 7), 42))).toEqual({ ...command, lease: { epoch: 7, seq: 42 } });
  });

  it('is JSON also when it is written by hand', () => {
    for (const [linear, angular] of [
      [0, 0],
      [0.1 + 0.2, -1e-7],
      [1e21, 5],
    ] as const)
      expect(JSON.parse(seal(unsealedDrive(linear, angular, 3), 9))).toEqual({
        command: 'DRIVE_COMMAND',
        linear_velocity: linear,
        angular_velocity: angular,
        lease: { epoch: 3, seq: 9 },
      });
  });
});

describe('the numbers of commands', () => {
  it('grow, whatever the clock does', () => {
    let now = Date.parse('2026-11-26T10:00:00Z');
    const sequence = new Sequence(() => now);
    const numbers = [sequence.next(), sequence.next()];
    now -= 60_000;
    numbers.push(sequence.next());
    now += 120_000;
    numbers.push(sequence.next());
    expect([...numbers].sort((a, b) => a - b)).toEqual(numbers);
    expect(new Set(numbers).size).toBe(4);
    expect(numbers.every(Number.isSafeInteger)).toBe(true);
  });

  it('go on growing at another replica whose clock is a little behind', () => {
    const begin = Date.parse('2026-11-26T10:00:00Z');
    const here = new Sequence(() => begin);
    for (let count = 0; count < 50; count += 1) here.next();
    const there = new Sequence(() => begin + 1_000 - 500);
    expect(there.next()).toBeGreaterThan(here.next());
  });
});

describe('whether telemetry shows that a command was taken', () => {
  const navigate = { command: 'NAVIGATE', start: 'Home', destination: 'Kitchen', id: 'n' } as const;
  const cancel = { command: 'CANCEL', id: 'c' } as const;

  it.each([
    [navigate, { driveMode: 'NAVIGATING' }, true],
    [navigate, { driveMode: 'IDLE', targetNode: 'Kitchen' }, true],
    [navigate, { driveMode: 'IDLE', currentPosition: 'Kitchen' }, true],
    [navigate, { driveMode: 'IDLE', command: { id: 'n', status: 'DONE' } }, true],
    [navigate, { driveMode: 'IDLE', command: { id: 'other', status: 'DONE' } }, false],
    [navigate, { driveMode: 'IDLE', targetNode: 'Home', currentPosition: 'Home' }, false],
    [cancel, { driveMode: 'IDLE' }, true],
    [cancel, { driveMode: 'MANUAL', targetNode: null }, true],
    [cancel, { driveMode: 'NAVIGATING', targetNode: 'Kitchen' }, false],
  ])('%j by %j: %s', (command, state, taken) => {
    expect(showsTaken(command, state)).toBe(taken);
  });
});
