import { fillSubject } from '../core/subject';

/**
 * Requests between replicas of pairing-service: core NATS, never stored. One subject a replica; its payload is private to the
 * service (a JSON head and the bytes of a client's frame, in parts).
 */
export const PAIRING_REPLICA_SUBJECT = 'teleop.pairing-replica.v1.{replica}';

export function pairingReplicaSubject(replica: string): string {
  return fillSubject(PAIRING_REPLICA_SUBJECT, { replica });
}
