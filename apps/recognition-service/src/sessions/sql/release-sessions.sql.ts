/** A replica that stops gives its sessions up at once. */
export const RELEASE_SESSIONS = `
  UPDATE recognition.sessions SET lease_until = clock_timestamp() - interval '1 millisecond'
  WHERE owner = $1 AND id = ANY ($2)`;
