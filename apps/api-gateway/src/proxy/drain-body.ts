import type { IncomingMessage } from 'node:http';

/**
 * After an early refusal: closing on a caller that still sends makes its system throw our answer away, so the rest of the
 * body is read and dropped for a while. Then the connection goes, whatever is still to come.
 */
export function drainBody(req: IncomingMessage, limitMs: number): void {
  const { socket } = req;
  const limit = setTimeout(() => socket.destroy(), limitMs);
  const clear = () => {
    clearTimeout(limit);
    req.off('end', clear);
    socket.off('close', clear);
  };
  req.removeAllListeners('data');
  req.once('end', clear);
  socket.once('close', clear);
  req.resume();
}
