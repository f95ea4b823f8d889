import { decode } from 'jpeg-js';
import { EvmKey } from './evm-key';
import { pythonCanonical } from './python-json';
import { snapshotBase64 } from './snapshot';

describe('the kiosk', () => {
  it('signs what Python’s json.dumps would write', () => {
    expect(pythonCanonical({ b: [1, null, true], a: { z: 'é\x7f\u{1f600}"', y: 1.5 } })).toBe(
      '{"a":{"y":1.5,"z":"\\u00e9\\u007f\\ud83d\\ude00\\""},"b":[1,null,true]}',
    );
    expect(pythonCanonical({ '\u{1f600}': 1, '\uff5e': 2 })).toBe('{"\\uff5e":2,"\\ud83d\\ude00":1}');
  });

  it('has the address that belongs to its key', () => {
    // Of eth_account's documentation.
    const key = EvmKey.fromHex('0xb25c7db31feed9122727bf0939dc769a96564b2de4c4726d035b36ecf1e5b364');
    expect(key.address).toBe('0x5ce9454909639d2d17a3f753ce7d93fa0b9ab12e');
    expect(key.sign('I♥SF')).toBe(
      'e6ca9bba58c88611fad66a6ce8f996908195593807c4b38bd528d2cff09d4eb33e5bfbbf4d3e39b1a2fd816a7680c19ebebaf3a141b239934ad43cb33fcec8ce1c',
    );
    expect(() => EvmKey.fromHex('12')).toThrow(RangeError);
  });

  it('takes real pictures, no two alike', () => {
    const [one, two] = [snapshotBase64(1), snapshotBase64(2)];
    expect(one).not.toBe(two);
    const picture = decode(Buffer.from(one, 'base64'));
    expect([picture.width, picture.height]).toEqual([320, 240]);
    expect(Buffer.from(one, 'base64').subarray(0, 3).toString('hex')).toBe('ffd8ff');
  });
});
