import type { DeliveryKind, PeerLink } from './peer-link';
import type { Side } from './side';

export interface PeerPorts {
  /** The other side, while it is here. */
  readonly find: () => Side | undefined;
  readonly arrived: (side: Side, kind: DeliveryKind, seq: number, data: Buffer | string) => void;
  readonly ended: (side: Side, reason: string) => void;
}

/** Both sides on one replica: what one sends is handed to the other in the same moment. */
export class LocalPeer implements PeerLink {
  readonly replica = undefined;

  constructor(private readonly ports: PeerPorts) {}

  deliver(kind: DeliveryKind, seq: number, data: Buffer | string): void {
    const side = this.ports.find();
    if (side !== undefined) this.ports.arrived(side, kind, seq, data);
  }

  end(reason: string): void {
    const side = this.ports.find();
    if (side !== undefined) this.ports.ended(side, reason);
  }

  close(): void {
    // Nothing is on its way.
  }
}
