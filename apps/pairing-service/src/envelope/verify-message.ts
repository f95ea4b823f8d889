import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import { feedCanonical, formsOf, type Form } from './canonical-form';
import type { SessionMessage } from './read-frame';

/**
 * HMAC-SHA256 over UTF-8 of `session_id + seq + timestamp + canonical(payload)`, seq and timestamp as spelled in the message.
 * Returns the form it was right for, or undefined. `usual` is tried first: a client keeps to its form.
 */
export function verifyMessage(message: SessionMessage, key: KeyObject, usual: Form): Form | undefined {
  const claimed = Buffer.from(message.hmac, 'hex');
  const forms = formsOf(message.payload);
  if (timingSafeEqual(hmacOf(message, key, usual), claimed)) return usual;
  return forms.find(
    (form) => form !== usual && forms.length > 1 && timingSafeEqual(hmacOf(message, key, form), claimed),
  );
}

function hmacOf(message: SessionMessage, key: KeyObject, form: Form): Buffer {
  const { sessionId, seqText, timestampText, bytes, payload } = message;
  const hmac = createHmac('sha256', key).update(sessionId + seqText + timestampText);
  feedCanonical(hmac, bytes, payload, form);
  return hmac.digest();
}
