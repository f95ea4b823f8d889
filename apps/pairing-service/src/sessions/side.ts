import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Form } from '../envelope/canonical-form';
import type { Connection } from '../sockets/connection';
import { AcceptedMacs } from './accepted-macs';
import { Backlog } from './backlog';
import type { PeerLink } from './peer-link';
import { after, may, type Phase, type PhaseEvent } from './phases';
import type { Role } from './role';

export interface SideOf {
  readonly sessionId: string;
  readonly role: Role;
  readonly deviceId: string;
  /** Standard base64 of 32 bytes. */
  readonly sessionKey: string;
}

/** One side of a session. Lives on the replica of its socket; everything it must remember is here. */
export class Side {
  readonly key: KeyObject;
  readonly macs = new AcceptedMacs();
  readonly backlog: Backlog | undefined;
  #phase: Phase = 'reserved';
  connection: Connection | undefined;
  /** Number of the last message that this side's client sent and we accepted. */
  sent = 0;
  sentBytes = 0;
  /** Number of the last message of the other side that was handed to this one. */
  received = 0;
  /** What `received` was when the socket was last lost. */
  heldFrom = 0;
  /** How its client spells strings in what it signs. */
  form: Form = 'ascii';
  /** Monotonic milliseconds at which a reservation or a grace is over. */
  deadline: number | undefined;
  peer!: PeerLink;

  constructor(
    readonly is: SideOf,
    backlogBytes: number,
  ) {
    this.key = createSecretKey(is.sessionKey, 'base64');
    if (backlogBytes > 0) this.backlog = new Backlog(backlogBytes);
  }

  get phase(): Phase {
    return this.#phase;
  }

  may(event: PhaseEvent): boolean {
    return may(this.#phase, event);
  }

  go(event: PhaseEvent): void {
    this.#phase = after(this.#phase, event);
  }
}
