import type { Socket } from 'socket.io';

/**
 * Gives something back once the client has gone, for sure and once. To be called while a client is being admitted: one that
 * goes before its `connection` event never gets a `disconnect` event, and one that leaves the namespace keeps its connection.
 */
export function whileConnected(socket: Socket, giveBack: () => void): void {
  const { conn } = socket;
  let held = true;
  const release = () => {
    if (held) giveBack();
    held = false;
    conn.off('close', release);
  };
  conn.once('close', release);
  socket.once('disconnect', release);
  if (conn.readyState !== 'open') release();
}
