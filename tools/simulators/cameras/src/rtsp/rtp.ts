import type { AccessUnit } from './annex-b';

const PAYLOAD_TYPE = 96;
const MAX_PAYLOAD = 1_400;
const FU_A = 28;
const CLOCK_HZ = 90_000;

/** One sender's RTP packets of H.264 (RFC 6184), framed for TCP (RFC 2326, 10.12). */
export class RtpSender {
  #sequence = 1;

  constructor(
    private readonly channel: number,
    private readonly ssrc: number,
  ) {}

  frame(unit: AccessUnit, seconds: number): Buffer {
    const timestamp = Math.round(seconds * CLOCK_HZ) >>> 0;
    const payloads = unit.flatMap(payloadsOf);
    return Buffer.concat(
      payloads.map((payload, at) => this.packet(payload, timestamp, at === payloads.length - 1)),
    );
  }

  private packet(payload: Buffer, timestamp: number, last: boolean): Buffer {
    const head = Buffer.alloc(16);
    head[0] = 0x24;
    head[1] = this.channel;
    head.writeUInt16BE(12 + payload.length, 2);
    head[4] = 0x80;
    head[5] = PAYLOAD_TYPE | (last ? 0x80 : 0);
    head.writeUInt16BE(this.#sequence, 6);
    head.writeUInt32BE(timestamp, 8);
    head.writeUInt32BE(this.ssrc, 12);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return Buffer.concat([head, payload]);
  }
}

/** As it is when it fits, else in fragments (FU-A). */
function payloadsOf(nal: Buffer): Buffer[] {
  if (nal.length <= MAX_PAYLOAD) return [nal];
  const [indicator, type] = [(nal[0]! & 0xe0) | FU_A, nal[0]! & 0x1f];
  const fragments: Buffer[] = [];
  for (let at = 1; at < nal.length; at += MAX_PAYLOAD - 2) {
    const part = nal.subarray(at, at + MAX_PAYLOAD - 2);
    const flags = (at === 1 ? 0x80 : 0) | (at + part.length === nal.length ? 0x40 : 0);
    fragments.push(Buffer.concat([Buffer.from([indicator, flags | type]), part]));
  }
  return fragments;
}
