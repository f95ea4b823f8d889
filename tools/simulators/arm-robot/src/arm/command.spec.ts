import fc from 'fast-check';
import { parseCommand } from './command';

describe('reading a command', () => {
  it('takes each command it knows', () => {
    const six = [0, 0, 0, 0, 0, 1];
    const known: [object, object][] = [
      [
        { type: 'joint_velocity', joints: six },
        { kind: 'joint_velocity', joints: six },
      ],
      [
        { type: 'joint_target', joints: six },
        { kind: 'joint_target', joints: six },
      ],
      [
        { type: 'gripper', opening: 0.5 },
        { kind: 'gripper', opening: 0.5 },
      ],
      [{ type: 'home' }, { kind: 'home' }],
      [
        { command: 'DRIVE_COMMAND', linear_velocity: 1, angular_velocity: 2 },
        { kind: 'drive', linear: 1, angular: 2 },
      ],
      [
        { type: 'lock_request', token: 'x' },
        { kind: 'lock_request', token: 'x' },
      ],
    ];
    for (const [frame, command] of known) {
      expect(parseCommand(JSON.stringify(frame))).toEqual({ ok: true, command, lease: undefined });
    }
  });

  it('keeps the lease a command carries', () => {
    const frame = { type: 'home', lease: { epoch: 4, seq: 2 } };
    expect(parseCommand(JSON.stringify(frame))).toMatchObject({ ok: true, lease: { epoch: 4, seq: 2 } });
  });

  it.each([
    ['not json', 'BAD_JSON'],
    ['[1]', 'BAD_COMMAND'],
    ['null', 'BAD_COMMAND'],
    ['{"type":"dance"}', 'UNKNOWN_COMMAND'],
    ['{}', 'UNKNOWN_COMMAND'],
    ['{"type":"joint_velocity","joints":[1,2]}', 'BAD_COMMAND'],
    ['{"type":"joint_velocity","joints":[1,2,3,4,5,"6"]}', 'BAD_COMMAND'],
    ['{"type":"gripper"}', 'BAD_COMMAND'],
    ['{"command":"DRIVE_COMMAND","linear_velocity":null,"angular_velocity":0}', 'BAD_COMMAND'],
  ])('refuses %s as %s', (text, code) => {
    expect(parseCommand(text)).toMatchObject({ ok: false, code });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseCommand(text)));
  });
});
