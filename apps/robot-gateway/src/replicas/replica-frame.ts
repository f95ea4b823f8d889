/** A frame on its way from one replica to another: 50 a second for every driver, so its head is bytes, not headers. */
export interface ReplicaFrame {
  readonly epoch: number;
  /** Monotonic milliseconds of the sender. */
  readonly sentAt: number;
  readonly binary: boolean;
  /** A drive command that lacks its number and its end, which the robot's replica adds. */
  readonly unsealed: boolean;
  /** The replica that sends. */
  readonly from: string;
  readonly data: Buffer;
}

const BINARY = 1;
const UNSEALED = 2;

const EPOCH_AT = 1;
const SENT_AT = 9;
const NAME_AT = 17;

/** Bits, epoch and time (float64, big endian), length and letters (ASCII) of the sender's name, then the frame as it is. */
export function packFrame(
  head: Pick<ReplicaFrame, 'epoch' | 'sentAt' | 'binary' | 'unsealed' | 'from'>,
  data: Buffer | string,
): Buffer {
  const { from } = head;
  const start = NAME_AT + 1 + from.length;
  const length = typeof data === 'string' ? Buffer.byteLength(data) : data.length;
  const packed = Buffer.allocUnsafe(start + length);
  packed[0] = (head.binary ? BINARY : 0) | (head.unsealed ? UNSEALED : 0);
  packed.writeDoubleBE(head.epoch, EPOCH_AT);
  packed.writeDoubleBE(head.sentAt, SENT_AT);
  packed[NAME_AT] = from.length;
  packed.write(from, NAME_AT + 1, from.length, 'latin1');
  if (typeof data === 'string') packed.write(data, start, length, 'utf8');
  else packed.set(data, start);
  return packed;
}

/** Undefined for what no replica of this version packs. `data` shares the memory of what was received. */
export function unpackFrame({ buffer, byteOffset, byteLength }: Uint8Array): ReplicaFrame | undefined {
  const packed = Buffer.from(buffer, byteOffset, byteLength);
  const bits = packed[0];
  const nameLength = packed[NAME_AT];
  if (bits === undefined || nameLength === undefined) return undefined;
  const start = NAME_AT + 1 + nameLength;
  const epoch = packed.readDoubleBE(EPOCH_AT);
  const sentAt = packed.readDoubleBE(SENT_AT);
  if (start > packed.length || !Number.isSafeInteger(epoch) || !Number.isFinite(sentAt)) return undefined;
  return {
    epoch,
    sentAt,
    binary: (bits & BINARY) !== 0,
    unsealed: (bits & UNSEALED) !== 0,
    from: packed.toString('latin1', NAME_AT + 1, start),
    data: packed.subarray(start),
  };
}
