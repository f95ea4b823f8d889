import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'socket.io';
import { unsentBytes } from '../sockets/engine-connection';
import type { RobotBoard } from './robot-board';

const LOOK_EVERY_MS = 10;

/**
 * The present state of each robot, as fast as the client takes it: a large fleet at once would look like a client that does
 * not keep up. The first of them go out in this turn; of the later ones whatever is newest when it is their turn.
 */
export async function sendStates(
  socket: Socket,
  board: RobotBoard,
  robotIds: readonly string[],
  maxUnsentBytes: number,
): Promise<void> {
  for (const robotId of robotIds) {
    while (socket.connected && unsentBytes(socket.conn) > maxUnsentBytes) await sleep(LOOK_EVERY_MS);
    if (!socket.connected) return;
    const state = board.latest(robotId);
    if (state !== undefined) socket.emit('status_update', state.status);
  }
}
