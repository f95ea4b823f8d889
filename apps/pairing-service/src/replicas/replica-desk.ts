import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SessionBook } from '../sessions/session-book';
import { Sessions } from '../sessions/sessions';
import { Connections } from '../sockets/connections';
import { PeerLinks } from './peer-links';
import { ReplicaLink } from './replica-link';
import type { ReplicaMessage, ReplicaReply } from './replica-message';
import { ReplicaWatch } from './replica-watch';

type Of<Op extends ReplicaMessage['op']> = Extract<ReplicaMessage, { op: Op }>;

/** What other replicas ask of this one. */
@Injectable()
export class ReplicaDesk implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #stopWatch: () => void = () => undefined;

  constructor(
    private readonly link: ReplicaLink,
    private readonly watch: ReplicaWatch,
    private readonly links: PeerLinks,
    private readonly sessions: Sessions,
    private readonly book: SessionBook,
    private readonly connections: Connections,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.link.listen((message, body) => this.handle(message, body));
    this.#stopWatch = this.watch.start((side) => this.sessions.peerLost(side));
  }

  async beforeApplicationShutdown(): Promise<void> {
    // What our sockets' ends mean for other replicas must reach them while NATS is still there.
    await this.links.drained();
    this.#stopWatch();
    this.link.close();
  }

  private handle(message: ReplicaMessage, body: Buffer): ReplicaReply {
    switch (message.op) {
      case 'probe':
        return {};
      case 'reserve':
        return this.reserve(message);
      case 'activate':
      case 'cancel':
        return this.settle(message);
      case 'deliver':
        return this.deliver(message, body);
      case 'drop':
        this.connections.byId(message.connection)?.close(message.why);
        return {};
    }
  }

  private reserve({ session, role, connection: id, device, key, peer }: Of<'reserve'>): ReplicaReply {
    const connection = this.connections.byId(id);
    if (connection === undefined || connection.gone) return { refused: 'SOCKET_GONE' };
    const held = connection.side?.is.sessionId;
    if (held !== undefined) return held === session ? {} : { refused: 'SOCKET_BUSY' };
    this.sessions.reserve({ sessionId: session, role, deviceId: device, sessionKey: key }, connection, peer);
    return {};
  }

  private settle({ op, session, role }: Of<'activate' | 'cancel'>): ReplicaReply {
    const side = this.book.find(session, role);
    if (side === undefined) return { refused: 'SESSION_GONE' };
    if (op === 'activate') this.sessions.activate(side);
    else this.sessions.cancel(side);
    return {};
  }

  private deliver(
    { session, role, n, kind, seq, part, parts, text }: Of<'deliver'>,
    body: Buffer,
  ): ReplicaReply {
    const side = this.book.find(session, role);
    const inbound = this.book.inbound(session, role);
    // An end that comes twice, or late, has done its work.
    if (side === undefined || inbound === undefined) return kind === 'end' ? {} : { refused: 'SESSION_GONE' };
    return inbound.take({ n, part, parts }, body, (whole) => {
      if (kind === 'end') this.sessions.finish(side, whole.toString('utf8'), { tellPeer: false });
      else this.sessions.arrived(side, kind, seq, text ? whole.toString('utf8') : whole);
    });
  }
}
