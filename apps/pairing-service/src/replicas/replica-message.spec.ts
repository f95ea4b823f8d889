import fc from 'fast-check';
import { decodeMessage, encodeMessage, type ReplicaMessage } from './replica-message';

describe('messages between replicas', () => {
  it('are read as they were sent, bytes and all', () => {
    const message: ReplicaMessage = { op: 'drop', connection: 'c', why: 'replaced' };
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const body = Buffer.from(bytes);
        expect(decodeMessage(encodeMessage(message, body))).toEqual({ message, body });
      }),
    );
  });

  it('that are none are told, whatever they are', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeMessage(bytes)));
    expect(decodeMessage(encodeMessage({ op: 'explode' } as unknown as ReplicaMessage))).toBeUndefined();
    expect(decodeMessage(Buffer.from([255, 255, 255, 255, 1]))).toBeUndefined();
  });
});
