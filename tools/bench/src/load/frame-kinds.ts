/** How a load writes a frame and knows, when it arrives, at which moment it was sent. */
export interface FrameKind {
  frame(now: number): string;
  /** Milliseconds as `frame` was given them; undefined for what is not a driver's. */
  sentAt(data: Buffer): number | undefined;
}

// A drive frame as the arms get it; the time it was sent stands first, so that reading it costs nothing.
const SESSION_START = '{"t":';
const TIME_LENGTH = 14;
const SESSION_REST =
  ',"type":"DRIVE_COMMAND","linear":0.42,"angular":-0.17,"joints":[0.1,0.2,0.3,0.4,0.5,0.6],"gripper":0.5}';

/** Frames that are relayed as they came: the time travels in them. */
export function sessionFrames(): FrameKind {
  return {
    frame: (now) => `${SESSION_START}${now.toFixed(6).padStart(TIME_LENGTH, ' ')}${SESSION_REST}`,
    sentAt: (data) =>
      startsWith(data, SESSION_START)
        ? Number(data.toString('latin1', SESSION_START.length, SESSION_START.length + TIME_LENGTH))
        : undefined,
  };
}

const MANUAL_START = '{"command":"DRIVE_COMMAND","linear_velocity":';
const COMMA = ','.charCodeAt(0);
/** Frames that can be told apart; at 50 × 100 a second they come round after 20 s, when the older are long gone. */
const NUMBERS = 100_000;

/**
 * Frames that the gateway reads, clamps and writes anew: only a velocity gets through, so its digits are the frame's
 * number (0.00001 to 0.99999 m/s; 0 is a stop).
 */
export function manualFrames(): FrameKind {
  const sent = new Float64Array(NUMBERS).fill(NaN);
  let number = 0;
  return {
    frame: (now) => {
      number = (number % (NUMBERS - 1)) + 1;
      sent[number] = now;
      return `${MANUAL_START}${number / NUMBERS},"angular_velocity":-0.17}`;
    },
    sentAt: (data) => {
      if (!startsWith(data, MANUAL_START)) return undefined;
      const text = data.toString('latin1', MANUAL_START.length, data.indexOf(COMMA, MANUAL_START.length));
      const at = sent[Math.round(Number(text) * NUMBERS)];
      return at === undefined || Number.isNaN(at) ? undefined : at;
    },
  };
}

function startsWith(data: Buffer, text: string): boolean {
  return data.length > text.length && data.toString('latin1', 0, text.length) === text;
}
