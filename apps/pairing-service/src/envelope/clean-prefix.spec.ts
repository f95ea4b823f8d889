import fc from 'fast-check';
import { cleanPrefix } from './clean-prefix';
import { STEP_BYTES } from './clean-prefix.wasm';

const needsALook = (byte: number) => byte < 0x20 || byte >= 0x7f || byte === 0x22 || byte === 0x5c;

describe('the look ahead in a long string', () => {
  it('ends at the block of the first byte that needs a closer one, whichever byte it is', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      for (const at of [0, 15, 63, 64, 100, 255]) {
        const bytes = Buffer.alloc(256, 'A');
        bytes[at] = byte;
        const expected = needsALook(byte) ? at - (at % STEP_BYTES) : 256;
        expect([byte, at, cleanPrefix(bytes, 0, 256)]).toEqual([byte, at, expected]);
      }
    }
  });

  it('is that of a loop, for any bytes, wherever they lie', () => {
    const byte = fc.oneof({ weight: 200, arbitrary: fc.integer({ min: 0x30, max: 0x5a }) }, fc.nat(255));
    fc.assert(
      fc.property(fc.array(byte, { minLength: 128, maxLength: 700 }), fc.nat(63), (array, at) => {
        const bytes = Buffer.from(array);
        const length = (bytes.length - at) & -STEP_BYTES;
        const first = bytes.subarray(at, at + length).findIndex(needsALook);
        const expected = first < 0 ? length : first - (first % STEP_BYTES);
        expect(cleanPrefix(bytes, at, length)).toBe(expected);
      }),
    );
  });
});
