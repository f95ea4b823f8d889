import type { Clock } from '@teleop/service-kit';
import type { Socket } from 'socket.io';

/** Node's timers hold no more, and fire at once when told to. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Sends a client out of its namespace when its token expires (`expiresAt`, milliseconds since the epoch), saying why. */
export function endWithToken(socket: Socket, expiresAt: number, clock: Clock): void {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const left = expiresAt - clock.now();
    if (left > 0) {
      timer = setTimeout(wait, Math.min(left, MAX_TIMER_MS));
      return;
    }
    socket.emit('unauthorized', { code: 'UNAUTHORIZED', detail: 'Not authorized: the token has expired' });
    socket.disconnect();
  };
  wait();
  socket.once('disconnect', () => clearTimeout(timer));
}
