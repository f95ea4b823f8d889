import fc from 'fast-check';
import { accessUnits, nalType, parameterSets } from './annex-b';
import { RtpSender } from './rtp';

const START = Buffer.from([0, 0, 0, 1]);
const DELIMITER = Buffer.from([9, 0xf0]);
const stream = (...nals: Buffer[]) => Buffer.concat(nals.flatMap((nal) => [START, nal]));

/** What a receiver makes of packets: NAL units, fragments put together again (RFC 6184, 5.8). */
function received(packets: Buffer): { nals: Buffer[]; sequences: number[]; markers: boolean[] } {
  const nals: Buffer[] = [];
  const [sequences, markers]: [number[], boolean[]] = [[], []];
  for (let at = 0; at < packets.length;) {
    expect(packets[at]).toBe(0x24);
    const length = packets.readUInt16BE(at + 2);
    const packet = packets.subarray(at + 4, at + 4 + length);
    at += 4 + length;
    sequences.push(packet.readUInt16BE(2));
    markers.push((packet[1]! & 0x80) !== 0);
    const payload = packet.subarray(12);
    if ((payload[0]! & 0x1f) !== 28) nals.push(payload);
    else if ((payload[1]! & 0x80) !== 0) {
      const first = Buffer.from([(payload[0]! & 0xe0) | (payload[1]! & 0x1f)]);
      nals.push(Buffer.concat([first, payload.subarray(2)]));
    } else nals.push(Buffer.concat([nals.pop()!, payload.subarray(2)]));
  }
  return { nals, sequences, markers };
}

describe('an H.264 stream', () => {
  it('is cut into frames at its delimiters, and its parameter sets are found', () => {
    const [sps, pps, key, next] = [
      Buffer.from([0x67, 1]),
      Buffer.from([0x68, 2]),
      Buffer.from([0x65, 3, 0, 4]),
      Buffer.from([0x41, 5]),
    ];
    const units = accessUnits(stream(DELIMITER, sps, pps, key, DELIMITER, next));
    expect(units).toEqual([[sps, pps, key], [next]]);
    expect(parameterSets(units)).toEqual([sps, pps]);
    expect(units[0]!.map(nalType)).toEqual([7, 8, 5]);
  });

  it('without delimiters is refused', () => {
    expect(() => accessUnits(stream(Buffer.from([0x65, 1])))).toThrow('without access unit delimiters');
  });

  it('arrives as it was, however large its pieces, numbered and with the last packet of a frame marked', () => {
    const nal = fc
      .uint8Array({ minLength: 2, maxLength: 5_000 })
      .map((bytes) => Buffer.from([0x65, ...bytes.slice(1)]));
    fc.assert(
      fc.property(fc.array(nal, { minLength: 1, maxLength: 4 }), (unit) => {
        const { nals, sequences, markers } = received(new RtpSender(0, 1).frame(unit, 1.5));
        expect(nals).toEqual(unit);
        expect(sequences).toEqual(sequences.map((_, at) => at + 1));
        expect(markers.indexOf(true)).toBe(markers.length - 1);
      }),
      { numRuns: 50 },
    );
  });
});
