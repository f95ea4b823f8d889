import fc from 'fast-check';
import { readSaid, sampleIdOf, type RawMessage } from './said';

const ENVELOPE = {
  messageId: '3A0B1f7e-6f0c-4a53-9c5d-2f1f6f1f3a13',
  producedAtUtc: '2026-11-26T12:00:00.020Z',
  robotId: 'table1',
  type: 'teachState',
  payload: { poseX: 1, nodeId: 'Kitchen', secret: 'unknown fields are not kept' },
};

const message = (body: unknown, more: Partial<RawMessage> = {}): RawMessage => ({
  subject: 'robots.teach.state.table1',
  seq: 7,
  storedAt: 1,
  json: () => body,
  ...more,
});

describe('what a robot says while it is taught', () => {
  it('is read with the moment it was produced and the fields that are known', () => {
    expect(readSaid(message(ENVELOPE))).toEqual({
      robotId: 'table1',
      sampleId: '3a0b1f7e-6f0c-4a53-9c5d-2f1f6f1f3a13',
      ts: Date.parse('2026-11-26T12:00:00.020Z'),
      storedAt: 1,
      seq: 7,
      payload: { poseX: 1, nodeId: 'Kitchen' },
    });
  });

  it('is of its own moment when it names one', () => {
    const payload = { ts: '2026-11-26T11:59:59Z' };
    expect(readSaid(message({ ...ENVELOPE, payload }))).toMatchObject({ ts: Date.parse(payload.ts) });
  });

  it.each([
    ['no JSON', message(undefined, { json: () => JSON.parse('{') }), 'not JSON'],
    ['no object', message([]), 'contract'],
    ['no messageId', message({ ...ENVELOPE, messageId: undefined }), 'messageId'],
    ['a pose that is text', message({ ...ENVELOPE, payload: { poseX: '1' } }), 'payload.poseX'],
    ['an intent without a type', message({ ...ENVELOPE, payload: { intent: {} } }), 'payload.intent.type'],
    ['the subject of another robot', message(ENVELOPE, { subject: 'robots.teach.state.table2' }), 'robotId'],
    ['a moment that is none', message({ ...ENVELOPE, producedAtUtc: 'yesterday' }), 'producedAtUtc'],
  ])('is refused in words when it has %s', (_, raw, word) => {
    expect(readSaid(raw)).toEqual(expect.stringContaining(word));
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), (body) => {
        const read = readSaid(message(body));
        expect(['string', 'object']).toContain(typeof read);
      }),
    );
  });
});

describe('the id of a sample', () => {
  const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

  it('is a UUID, always the same for a messageId and another one for another', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        expect(sampleIdOf(one)).toMatch(UUID);
        expect(sampleIdOf(one) === sampleIdOf(other)).toBe(one === other);
      }),
    );
  });
});
