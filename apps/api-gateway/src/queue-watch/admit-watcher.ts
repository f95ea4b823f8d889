import { AskAuthorizeWatcher, authorizeWatcher, validate } from '@teleop/contracts';
import { RequestRefused, ServiceUnavailable, type Requests } from '@teleop/messaging';
import { ConnectRefused } from '../sockets/connect-refused';
import { PullRefused } from '../sockets/paced-pull';
import type { QueueRooms, Seat } from './queue-rooms';

export interface Watcher {
  readonly robotId: string;
  readonly userId: string;
  readonly seat: Seat;
}

export interface Admission {
  readonly requests: Requests;
  readonly rooms: QueueRooms;
  /** How long a queue-service that is away is waited for, in milliseconds. */
  readonly timeoutMs: number;
}

const RETRY_MS = 200;

/**
 * May this client watch, and what does it see first? A queue-service that is just restarting is waited for: Socket.IO clients
 * come back by themselves after a lost connection, but not after a refusal. Throws ConnectRefused.
 */
export async function admitWatcher(
  auth: unknown,
  admission: Admission,
  gone: () => boolean,
): Promise<Watcher> {
  const checked = validate(AskAuthorizeWatcher, auth);
  if (!checked.ok) {
    const [first] = checked.errors;
    throw new ConnectRefused('VALIDATION_FAILED', `auth.${first?.path}: ${first?.message}`, checked.errors);
  }
  const { robotId } = checked.value;
  const deadline = performance.now() + admission.timeoutMs;
  const { userId } = await authorized(checked.value, admission, deadline, gone);
  const seat = admission.rooms.seat(robotId);
  try {
    await seat.room.fresh(Math.max(0, deadline - performance.now()));
    return { robotId, userId, seat };
  } catch (error) {
    seat.release();
    if (error instanceof PullRefused) throw new ConnectRefused('ROBOT_NOT_FOUND', error.detail);
    throw away(error);
  }
}

async function authorized(
  ask: AskAuthorizeWatcher,
  { requests }: Admission,
  deadline: number,
  gone: () => boolean,
): Promise<{ userId: string }> {
  for (;;) {
    try {
      return await requests.ask(authorizeWatcher, ask);
    } catch (error) {
      if (error instanceof RequestRefused)
        throw new ConnectRefused(error.code as 'UNAUTHORIZED' | 'ROBOT_NOT_FOUND', error.detail);
      const worthWaiting = error instanceof ServiceUnavailable && performance.now() < deadline;
      if (!worthWaiting || gone()) throw away(error);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function away(cause: unknown): ConnectRefused {
  return new ConnectRefused(
    'SERVICE_UNAVAILABLE',
    'queue-service did not answer; try again',
    undefined,
    cause,
  );
}
