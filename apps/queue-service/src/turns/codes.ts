import { ProblemError } from '@teleop/service-kit';

/** Every refusal of the queue family: status and the words its front end shows. */
const REFUSALS = {
  UNAUTHORIZED: [401, 'Unknown user or wrong credential'],
  LIVE_PAUSED: [403, 'The live stream is paused; the queue is closed'],
  EXPLORER_NOT_ALLOWED: [403, 'Explorer Members cannot use the robots'],
  MONAD_REQUIRED: [403, 'Please connect a Monad wallet to use this robot'],
  ALREADY_IN_OTHER_QUEUE: [403, 'You are already in the queue of another robot'],
  DAILY_LIMIT_REACHED: [403, 'You have reached the daily limit of joins for this robot'],
  LIFETIME_LIMIT_REACHED: [403, 'You have used all your sessions on this robot'],
  NOT_AT_FRONT: [403, 'Not at front of queue or not active'],
  NOT_ACTIVE: [403, 'You are not the active user of this robot'],
  ROBOT_NOT_FOUND: [404, 'Robot not found'],
  NOT_IN_QUEUE: [404, 'You are not in the queue of this robot'],
  SESSION_NOT_FOUND: [404, 'No such session of yours'],
  ROBOT_URL_NOT_CONFIGURED: [503, 'No control URL is configured for this robot'],
} as const satisfies Record<string, readonly [number, string]>;

export type RefusalCode = keyof typeof REFUSALS;

export function isRefusal(code: string): code is RefusalCode {
  return Object.hasOwn(REFUSALS, code);
}

export function refusal(code: RefusalCode): ProblemError {
  const [status, detail] = REFUSALS[code];
  // RFC 9110: a 401 says which scheme is wanted.
  const headers = status === 401 ? { 'www-authenticate': 'Bearer' } : undefined;
  return new ProblemError(status, code, detail, { headers });
}
