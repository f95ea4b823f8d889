import { createHmac } from 'node:crypto';
import { pythonCanonical } from './python-json';

export interface Session {
  readonly sessionId: string;
  /** Standard base64 of 32 bytes. */
  readonly sessionKey: string;
}

/** A `session_message` as the kiosk sends it. */
export function sessionMessage(
  session: Session,
  seq: number,
  payload: object,
  timestamp = Date.now(),
): string {
  const { sessionId, sessionKey } = session;
  const hmac = createHmac('sha256', Buffer.from(sessionKey, 'base64'))
    .update(`${sessionId}${seq}${timestamp}${pythonCanonical(payload)}`)
    .digest('hex');
  return JSON.stringify({
    type: 'session_message',
    envelope: { session_id: sessionId, seq, timestamp, payload, hmac },
  });
}
