/** INITIAL: everybody; RESCAN: those the backend has not seen yet, which it picks itself. */
export const SESSION_MODES = ['INITIAL', 'RESCAN'] as const;
export type SessionMode = (typeof SESSION_MODES)[number];

/** A lecture or an examination: decides where the evidence stands in a callback, and its file name. */
export const CALLBACK_TYPES = ['REGULAR', 'EXAM'] as const;
export type CallbackType = (typeof CALLBACK_TYPES)[number];

export const CAMERA_STATES = ['ACTIVE', 'RECONNECTING', 'DEAD'] as const;
export type CameraState = (typeof CAMERA_STATES)[number];
