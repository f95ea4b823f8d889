/** What the relay needs of a WebSocket; a `ws` socket is one. */
export interface Wire {
  /** Bytes handed over that the peer has not taken yet. */
  readonly bufferedAmount: number;
  send(data: Buffer | string, options: FrameOptions): void;
  close(code: number, reason: string): void;
  /** Stops reading what the peer sends. */
  pause?(): void;
  terminate(): void;
}

export interface FrameOptions {
  readonly binary: boolean;
}

// Made once: a frame on the hot path allocates nothing of ours.
export const TEXT: FrameOptions = Object.freeze({ binary: false });
export const BINARY: FrameOptions = Object.freeze({ binary: true });

export const CLOSED = {
  sessionEnded: { code: 4001, reason: 'SESSION_ENDED' },
  replaced: { code: 4002, reason: 'REPLACED' },
  flood: { code: 1008, reason: 'TOO_MANY_FRAMES' },
  tokenExpired: { code: 1008, reason: 'TOKEN_EXPIRED' },
  robotDeleted: { code: 1008, reason: 'ROBOT_DELETED' },
  keyChanged: { code: 1008, reason: 'KEY_CHANGED' },
} as const;

/** A peer that does not answer the close frame within this time is cut off. */
const CLOSE_GRACE_MS = 2_000;

export function closeWire(wire: Wire, why: { readonly code: number; readonly reason: string }): void {
  wire.close(why.code, why.reason);
  setTimeout(() => wire.terminate(), CLOSE_GRACE_MS).unref();
}

/** For peers whose frames cost the others: says why, and does not read any more of what it sends until it is cut off. */
export function cutOff(wire: Wire, why: { readonly code: number; readonly reason: string }): void {
  closeWire(wire, why);
  wire.pause?.();
}
