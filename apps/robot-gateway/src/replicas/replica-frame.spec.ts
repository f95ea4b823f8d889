import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { packFrame, unpackFrame } from './replica-frame';

const frames = fc.record({
  epoch: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  sentAt: fc.double({ min: 0, max: 1e12, noNaN: true }),
  binary: fc.boolean(),
  unsealed: fc.boolean(),
  from: fc.constant(randomUUID()),
});

describe('a frame between replicas', () => {
  it('comes out as it went in', () => {
    fc.assert(
      fc.property(frames, fc.uint8Array({ maxLength: 400 }), (head, data) => {
        const bytes = Buffer.from(data);
        expect(unpackFrame(packFrame(head, bytes))).toEqual({ ...head, data: bytes });
      }),
    );
  });

  it('may be a text', () => {
    fc.assert(
      fc.property(frames, fc.string({ unit: 'grapheme' }), (head, text) => {
        expect(unpackFrame(packFrame(head, text))?.data).toEqual(Buffer.from(text));
      }),
    );
  });

  it('is not taken from bytes that nobody packed, and those never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void unpackFrame(bytes)));
    expect(unpackFrame(new Uint8Array(0))).toBeUndefined();
    expect(unpackFrame(Buffer.from('{"command":"DRIVE_COMMAND"}'))).toBeUndefined();
    const whole = packFrame({ epoch: 7, sentAt: 1, binary: false, unsealed: false, from: 'r1' }, '');
    for (let length = 0; length < whole.length; length += 1)
      expect(unpackFrame(whole.subarray(0, length))).toBeUndefined();
  });
});
