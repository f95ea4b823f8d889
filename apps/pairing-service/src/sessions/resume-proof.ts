import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Side } from './side';

const PROOF = /^[0-9a-f]{64}$/i;
/** How far back the last number is looked for: each costs an HMAC of a few dozen bytes. */
const MAX_TRIED = 4_096;

/**
 * From which of the other side's messages on the bearer of this proof missed something; undefined when it proves nothing. The proof
 * is HMAC-SHA256 by the session key over `session_id + last seq`: the last number it received, or, for a client that remembers
 * only those, the last number it sent; what it is sent then is what came while it was away.
 */
export function provedFrom(side: Side, proof: string): number | undefined {
  if (!PROOF.test(proof)) return undefined;
  const claimed = Buffer.from(proof, 'hex');
  const proves = (seq: number) =>
    timingSafeEqual(createHmac('sha256', side.key).update(`${side.is.sessionId}${seq}`).digest(), claimed);
  const lowest = Math.max(0, side.received - MAX_TRIED);
  for (let seq = side.received; seq >= lowest; seq -= 1) if (proves(seq)) return seq;
  // Its last message may have been lost on the way.
  return proves(side.sent) || proves(side.sent + 1) ? side.heldFrom : undefined;
}
