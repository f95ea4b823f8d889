import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * For an early refusal, before it is sent. Closing on a caller that still sends makes its system throw our answer away, so the
 * rest of the body is read and dropped for a while. Then the connection goes, whatever is still to come.
 */
export function drainBody(req: IncomingMessage, res: ServerResponse, limitMs: number): void {
  const { socket } = req;
  const keep = res.shouldKeepAlive;
  // Node closes on a caller that wants no keep-alive as soon as it is answered, its body still on the way.
  res.shouldKeepAlive = true;
  const limit = setTimeout(() => socket.destroy(), limitMs);
  const clear = () => {
    clearTimeout(limit);
    req.off('end', ended);
    socket.off('close', clear);
  };
  const ended = () => {
    clear();
    if (!keep) socket.end();
  };
  req.removeAllListeners('data');
  req.once('end', ended);
  socket.once('close', clear);
  req.resume();
}
