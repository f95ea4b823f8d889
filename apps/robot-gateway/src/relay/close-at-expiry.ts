import type { VerifiedPrincipal } from '@teleop/auth';
import type { WebSocket } from 'ws';
import { closeWire, CLOSED } from './wire';

/** Timers of Node take no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Who may use a socket is checked once, when it opens: it must not outlive the token that was checked. `now`: wall clock. */
export function closeAtExpiry(ws: WebSocket, { claims }: VerifiedPrincipal, now: number): void {
  const remainingMs = Math.max(0, Number(claims.exp) * 1_000 - now);
  const timer = setTimeout(() => closeWire(ws, CLOSED.tokenExpired), Math.min(MAX_TIMER_MS, remainingMs));
  ws.once('close', () => clearTimeout(timer));
}
