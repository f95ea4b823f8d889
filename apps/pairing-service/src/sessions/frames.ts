/** What we say to clients, as JSON text. */
export const HEARTBEAT = '{"type":"heartbeat"}';

export const REFUSALS = ['HMAC_INVALID', 'SEQ_MISMATCH', 'NO_SESSION', 'MALFORMED'] as const;
export type Refusal = (typeof REFUSALS)[number];

export function connectionEstablished(appConnectionId: string): string {
  return JSON.stringify({ type: 'connection_established', app_connection_id: appConnectionId });
}

/** `sessionKey`: standard base64 of the 32 bytes that HMACs are made with. */
export function sessionActivated(sessionId: string, sessionKey: string): string {
  return JSON.stringify({ type: 'session_activated', session_id: sessionId, session_key: sessionKey });
}

export function endSession(reason: string): string {
  return JSON.stringify({ type: 'end_session', reason });
}

/** `expectedSeq`: the number that the sender's next message must carry; 1 when there is no session yet. */
export function refusal(code: Refusal, expectedSeq: number): string {
  return JSON.stringify({ type: 'error', code, expected_seq: expectedSeq });
}

export interface HardwareResult {
  readonly ok: boolean;
  readonly status: number;
  readonly data: unknown;
}

export function hardwareRegisterResult({ ok, status, data }: HardwareResult): string {
  return JSON.stringify({ type: 'hardware_register_result', ok, status, data });
}
