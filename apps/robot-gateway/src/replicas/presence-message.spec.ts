import fc from 'fast-check';
import { parsePresence, type Presence } from './presence-message';

const turn = { turn: 3, tokenHash: 'h', userId: 'u', expiresAt: '2026-01-01T00:00:00.000Z' };

describe('what replicas tell each other', () => {
  it.each<Presence>([
    { kind: 'robot', robotId: 'arm1', replica: 'a', state: 'here', generation: 1 },
    { kind: 'robot', robotId: 'arm1', replica: 'a', state: 'gone', generation: 1 },
    { kind: 'seat', robotId: 'arm1', replica: 'a', state: 'here', epoch: 4, turn, remainingMs: 10 },
    {
      kind: 'seat',
      robotId: 'table1',
      replica: 'a',
      state: 'here',
      epoch: 4,
      manual: { kind: 'drive_lock', userId: 'u' },
    },
    { kind: 'seat', robotId: 'arm1', replica: 'a', state: 'gone', epoch: 4 },
    { kind: 'who', robotId: 'arm1', replica: 'a' },
  ])('is read as it was sent: %j', (presence) => {
    expect(parsePresence(JSON.stringify(presence))).toEqual(presence);
  });

  it.each([
    'x',
    'null',
    '{"kind":"robot","robotId":"a.b","replica":"a","state":"here","generation":1}',
    '{"kind":"robot","robotId":"arm1","replica":"a","state":"here"}',
    '{"kind":"seat","robotId":"arm1","replica":"a","state":"here","epoch":1,"remainingMs":1,"turn":{}}',
    '{"kind":"seat","robotId":"arm1","replica":"a","state":"here","epoch":1,"manual":{"kind":"session","userId":"u"}}',
    '{"kind":"other","robotId":"arm1","replica":"a","state":"here"}',
  ])('is ignored when it is something else: %s', (text) => {
    expect(parsePresence(text)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parsePresence(text)));
  });
});
