/** What a connection needs of a WebSocket; a `ws` socket is one. */
export interface Wire {
  /** Bytes handed over that the peer has not taken yet. */
  readonly bufferedAmount: number;
  send(data: Buffer | string, options: { readonly binary: false }): void;
  close(code: number, reason: string): void;
  terminate(): void;
  pause(): void;
  resume(): void;
}

export const CLOSED = {
  replaced: { code: 4002, reason: 'REPLACED' },
  removed: { code: 4003, reason: 'DEVICE_REMOVED' },
  refused: { code: 4008, reason: 'TOO_MANY_REFUSED' },
  silent: { code: 4010, reason: 'SILENT' },
  slow: { code: 1013, reason: 'READS_TOO_SLOWLY' },
} as const satisfies Record<string, { code: number; reason: string }>;

export type CloseCause = keyof typeof CLOSED;
