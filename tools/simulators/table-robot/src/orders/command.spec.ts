import fc from 'fast-check';
import { parseFrame } from './command';

describe('reading a frame', () => {
  it('ignores fields it does not know', () => {
    const text = '{"command":"DRIVE_COMMAND","linear_velocity":1,"angular_velocity":2,"colour":"red"}';
    expect(parseFrame(text)).toEqual({
      kind: 'command',
      command: { command: 'DRIVE_COMMAND', linear: 1, angular: 2 },
      lease: undefined,
    });
  });

  it.each([
    ['{', 'BAD_JSON'],
    ['7', 'BAD_FRAME'],
    ['{"command":"DANCE"}', 'UNKNOWN_COMMAND'],
    ['{"command":"NAVIGATE","start":"a"}', 'BAD_COMMAND start, destination'],
    ['{"command":"NAVIGATE","start":"a","destination":"b","path":["a",1]}', 'BAD_COMMAND path'],
    ['{"command":"DRIVE_COMMAND","linear_velocity":"1","angular_velocity":0}', 'BAD_COMMAND velocity'],
    ['{"command":"SET_MODE"}', 'BAD_COMMAND mode'],
    ['{"command":"EXECUTE_STEP","id":"a","taskId":"t"}', 'BAD_COMMAND id, taskId, stepId'],
    ['{"command":"EXECUTE_STEP","id":"a","taskId":"t","stepId":"s"}', 'BAD_COMMAND step'],
    ['{"type":"lease","lease":{"epoch":1,"seq":0},"state":"lent"}', 'BAD_LEASE'],
  ])('says of %s: %s', (text, reason) => {
    expect(parseFrame(text)).toMatchObject({ kind: 'bad', reason });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseFrame(text)));
  });
});
