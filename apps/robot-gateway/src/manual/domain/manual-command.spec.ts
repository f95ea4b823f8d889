import fc from 'fast-check';
import { clamped, parseManualCommand } from './manual-command';

describe('a frame of somebody who drives by hand', () => {
  it.each([
    [
      { command: 'DRIVE_COMMAND', linear_velocity: 0.5, angular_velocity: -0.2, more: 1 },
      { command: 'DRIVE_COMMAND', linear: 0.5, angular: -0.2 },
    ],
    [
      { command: 'SET_MODE', mode: 'MANUAL' },
      { command: 'SET_MODE', mode: 'MANUAL' },
    ],
    [
      { command: 'NAVIGATE', start: 'Home', destination: 'Küche', lease: { epoch: 9 } },
      { command: 'NAVIGATE', start: 'Home', destination: 'Küche' },
    ],
    [{ command: 'CANCEL', reason: 'why' }, { command: 'CANCEL' }],
  ])('is read, without what does not belong: %j', (frame, command) => {
    expect(parseManualCommand(JSON.stringify(frame))).toEqual(command);
  });

  it.each([
    '',
    'x',
    '1',
    'null',
    '[]',
    '"CANCEL"',
    '{"command":"cancel"}',
    '{"command":"EXECUTE_STEP"}',
    '{"command":"DRIVE_COMMAND","linear_velocity":1}',
    '{"command":"DRIVE_COMMAND","linear_velocity":null,"angular_velocity":0}',
    '{"command":"DRIVE_COMMAND","linear_velocity":1e999,"angular_velocity":0}',
    '{"command":"SET_MODE","mode":""}',
    '{"command":"SET_MODE","mode":7}',
    '{"command":"SET_MODE","mode":"a\\u0000b"}',
    '{"command":"SET_MODE","mode":"\\ud800"}',
    '{"command":"NAVIGATE","start":"Home"}',
    `{"command":"NAVIGATE","start":"Home","destination":"${'x'.repeat(129)}"}`,
  ])('is ignored when it is none of the four: %s', (text) => {
    expect(parseManualCommand(text)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseManualCommand(text)));
  });
});

describe('a velocity', () => {
  it('is never beyond its limit, keeps its sign, and is no minus zero', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true }),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (velocity, limit) => {
          const result = clamped(velocity, limit);
          expect(Math.abs(result)).toBeLessThanOrEqual(limit);
          if (Math.abs(velocity) <= limit) expect(result).toBe(velocity + 0);
          else expect(result).toBe(Math.sign(velocity) * limit + 0);
        },
      ),
    );
    expect(Object.is(clamped(-0, 1), 0)).toBe(true);
  });
});
