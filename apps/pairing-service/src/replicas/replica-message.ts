import type { DeliveryKind } from '../sessions/peer-link';
import type { Role } from '../sessions/role';
import type { CloseCause } from '../sockets/wire';

/** What replicas ask of each other, over core NATS request-reply. Every one of them may come twice. */
export type ReplicaMessage =
  | {
      readonly op: 'reserve';
      readonly session: string;
      readonly role: Role;
      readonly connection: string;
      readonly device: string;
      readonly key: string;
      /** The replica of the other side. */
      readonly peer: string;
    }
  | { readonly op: 'activate' | 'cancel'; readonly session: string; readonly role: Role }
  | {
      readonly op: 'deliver';
      readonly session: string;
      /** To which side. */
      readonly role: Role;
      /** Counts what one side sends to the other, from 1. */
      readonly n: number;
      readonly kind: DeliveryKind | 'end';
      readonly seq: number;
      readonly part: number;
      readonly parts: number;
      readonly text: boolean;
    }
  | { readonly op: 'drop'; readonly connection: string; readonly why: CloseCause }
  | { readonly op: 'probe' };

export type ReplicaRefusal = 'SOCKET_GONE' | 'SOCKET_BUSY' | 'SESSION_GONE' | 'OUT_OF_ORDER' | 'FAILED';

export interface ReplicaReply {
  readonly refused?: ReplicaRefusal;
}

const LENGTH_BYTES = 4;
const NOTHING = Buffer.alloc(0);

/** Length of the head, the head as JSON, the bytes. */
export function encodeMessage(message: ReplicaMessage, body: Buffer = NOTHING): Buffer {
  const head = Buffer.from(JSON.stringify(message));
  const out = Buffer.allocUnsafe(LENGTH_BYTES + head.length + body.length);
  out.writeUInt32BE(head.length, 0);
  head.copy(out, LENGTH_BYTES);
  body.copy(out, LENGTH_BYTES + head.length);
  return out;
}

/** Undefined for what is no such message: a replica of another version must not break this one. */
export function decodeMessage(data: Uint8Array): { message: ReplicaMessage; body: Buffer } | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < LENGTH_BYTES) return undefined;
  const bodyAt = LENGTH_BYTES + bytes.readUInt32BE(0);
  if (bodyAt > bytes.length) return undefined;
  try {
    const message = JSON.parse(bytes.toString('utf8', LENGTH_BYTES, bodyAt)) as ReplicaMessage;
    return OPS.has(message?.op) ? { message, body: bytes.subarray(bodyAt) } : undefined;
  } catch {
    return undefined;
  }
}

const OPS: ReadonlySet<string> = new Set(['reserve', 'activate', 'cancel', 'deliver', 'drop', 'probe']);
