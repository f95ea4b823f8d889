/** A command as a person's client sends it over `/ws/drive/manual`. */
export type ManualCommand =
  /** m/s, rad/s */
  | { readonly command: 'DRIVE_COMMAND'; readonly linear: number; readonly angular: number }
  | { readonly command: 'SET_MODE'; readonly mode: string }
  | { readonly command: 'NAVIGATE'; readonly start: string; readonly destination: string }
  | { readonly command: 'CANCEL' };

const MAX_TEXT = 128;
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\0-\x1f\ud800-\udfff]/u;

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT && !UNSAFE.test(value);

/** Undefined for anything that is not one of the four: the protocol ignores it without a word. Never throws. */
export function parseManualCommand(text: string): ManualCommand | undefined {
  let frame: Record<string, unknown> | null;
  try {
    frame = JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return undefined;
  }
  if (typeof frame !== 'object' || frame === null) return undefined;
  switch (frame['command']) {
    case 'DRIVE_COMMAND': {
      const { linear_velocity: linear, angular_velocity: angular } = frame;
      // JSON has no NaN or Infinity, but 1e999 becomes one.
      return Number.isFinite(linear) && Number.isFinite(angular)
        ? { command: 'DRIVE_COMMAND', linear: linear as number, angular: angular as number }
        : undefined;
    }
    case 'SET_MODE':
      return isText(frame['mode']) ? { command: 'SET_MODE', mode: frame['mode'] } : undefined;
    case 'NAVIGATE': {
      const { start, destination } = frame;
      return isText(start) && isText(destination) ? { command: 'NAVIGATE', start, destination } : undefined;
    }
    case 'CANCEL':
      return { command: 'CANCEL' };
    default:
      return undefined;
  }
}

/** `limit` is not negative. Minus zero is no number a robot should have to think about. */
export function clamped(velocity: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, velocity)) + 0;
}
