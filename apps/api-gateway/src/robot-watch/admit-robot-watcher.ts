import type { JwtVerifier } from '@teleop/auth';
import { RobotWatchAuth, validate } from '@teleop/contracts';
import { ConnectRefused } from '../sockets/connect-refused';
import { ALL_ROBOTS, type Scope, type Watch } from '../sockets/robot-scope';
import { tokenExpiry } from '../sockets/token-expiry';
import type { RobotBoard } from './robot-board';

export interface RobotWatcher {
  readonly scope: Scope;
  readonly watch: Watch;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface RobotAdmission {
  readonly verifier: JwtVerifier;
  readonly board: RobotBoard;
  /** How long a robot-gateway that is away is waited for, in milliseconds. */
  readonly timeoutMs: number;
}

/** Who may watch robots (anybody with a good JWT), and which. Throws ConnectRefused. */
export async function admitRobotWatcher(
  auth: unknown,
  { verifier, board, timeoutMs }: RobotAdmission,
): Promise<RobotWatcher> {
  const checked = validate(RobotWatchAuth, auth);
  if (!checked.ok) {
    const [first] = checked.errors;
    throw new ConnectRefused('VALIDATION_FAILED', `auth.${first?.path}: ${first?.message}`, checked.errors);
  }
  const { token, robotId } = checked.value;
  const expiresAt = await tokenExpiry(token, verifier);
  const scope = robotId ?? ALL_ROBOTS;
  return { scope, watch: await watchFresh(board, scope, timeoutMs), expiresAt };
}

/** A watch of robots that were just read. A robot-gateway that is restarting is waited for. Throws ConnectRefused. */
export async function watchFresh(board: RobotBoard, scope: Scope, timeoutMs: number): Promise<Watch> {
  const watch = board.watch(scope);
  try {
    await board.fresh(timeoutMs);
  } catch (error) {
    watch.release();
    throw new ConnectRefused(
      'SERVICE_UNAVAILABLE',
      'robot-gateway did not answer; try again',
      undefined,
      error,
    );
  }
  if (scope === ALL_ROBOTS || board.latest(scope) !== undefined) return watch;
  watch.release();
  throw new ConnectRefused('ROBOT_NOT_FOUND', 'There is no robot with this id');
}
