/** `frame`: a verified message; `note`: what we have to say to both sides; `heartbeat`: never kept. */
export type DeliveryKind = 'frame' | 'note' | 'heartbeat';

/** The way from one side of a session to the other, on this replica or another one. In order, nothing twice. */
export interface PeerLink {
  /** Undefined: the other side is on this replica. */
  readonly replica: string | undefined;
  deliver(kind: DeliveryKind, seq: number, data: Buffer | string): void;
  /** Goes out behind everything delivered before. */
  end(reason: string): void;
  /** Nothing more is to be sent. */
  close(): void;
}
