import { Injectable } from '@nestjs/common';
import { Inbound } from '../replicas/inbound';
import type { Role } from './role';
import type { Side } from './side';

/** The sides of sessions that are on this replica. */
@Injectable()
export class SessionBook {
  readonly #sides = new Map<string, { readonly side: Side; readonly inbound: Inbound }>();

  add(side: Side): void {
    this.#sides.set(nameOf(side.is.sessionId, side.is.role), { side, inbound: new Inbound() });
  }

  remove(side: Side): void {
    this.#sides.delete(nameOf(side.is.sessionId, side.is.role));
  }

  find(sessionId: string, role: Role): Side | undefined {
    return this.#sides.get(nameOf(sessionId, role))?.side;
  }

  inbound(sessionId: string, role: Role): Inbound | undefined {
    return this.#sides.get(nameOf(sessionId, role))?.inbound;
  }

  all(): Side[] {
    return [...this.#sides.values()].map(({ side }) => side);
  }

  get size(): number {
    return this.#sides.size;
  }
}

function nameOf(sessionId: string, role: Role): string {
  return `${sessionId}/${role}`;
}
