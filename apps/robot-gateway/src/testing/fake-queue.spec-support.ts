import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  currentTurn,
  driverInactive,
  eventFilter,
  eventSubject,
  probeSession,
  sessionActivated,
  sessionEnded,
  type DriverInactive,
  type SessionActivated,
  type SessionEnded,
  type SessionProbeAnswer,
  type TurnEndReason,
} from '@teleop/contracts';
import { ensureStream, HEADERS } from '@teleop/messaging';

export interface FakeTurn {
  readonly robotId: string;
  readonly userId: string;
  readonly token: string;
  readonly tokenHash: string;
  readonly turn: number;
  readonly activatedAt: string;
  readonly expiresAt: string;
}

/** queue-service as robot-gateway sees it: its events, and its answer to "whose turn is it". */
export class FakeQueue {
  readonly inactive: DriverInactive[] = [];
  readonly #turns = new Map<string, FakeTurn>();
  asked = 0;
  #turnNumber = 0;

  private constructor(readonly nc: NatsConnection) {}

  static async connect(url: string): Promise<FakeQueue> {
    const nc = await connect({ servers: new URL(url).host, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
    await ensureStream(await jetstreamManager(nc), 'QUEUE');
    const queue = new FakeQueue(nc);
    nc.subscribe(currentTurn.subject, { callback: (_error, message) => queue.answer(message) });
    nc.subscribe(eventFilter(driverInactive), {
      callback: (_error, message) => void queue.inactive.push(message.json<DriverInactive>()),
    });
    await nc.flush();
    return queue;
  }

  /** A turn begins; `announce: false` keeps its event back, as if it were still on its way. */
  async activate(robotId: string, options: { ms?: number; announce?: boolean } = {}): Promise<FakeTurn> {
    const token = randomBytes(16).toString('hex');
    const now = Date.now();
    const turn: FakeTurn = {
      robotId,
      userId: randomUUID(),
      token,
      tokenHash: createHash('sha256').update(token).digest('hex'),
      turn: (this.#turnNumber += 1),
      activatedAt: new Date(now).toISOString(),
      expiresAt: new Date(now + (options.ms ?? 300_000)).toISOString(),
    };
    this.#turns.set(robotId, turn);
    if (options.announce !== false) await this.announceActivated(turn);
    return turn;
  }

  async end(turn: FakeTurn, options: { reason?: TurnEndReason; announce?: boolean } = {}): Promise<void> {
    if (this.#turns.get(turn.robotId)?.turn === turn.turn) this.#turns.delete(turn.robotId);
    if (options.announce !== false) await this.announceEnded(turn, options.reason);
  }

  announceActivated(turn: FakeTurn): Promise<void> {
    const { robotId, userId, tokenHash, turn: number, activatedAt, expiresAt } = turn;
    const event: SessionActivated = { robotId, userId, tokenHash, turn: number, activatedAt, expiresAt };
    return this.publish(eventSubject(sessionActivated, event), sessionActivated.name, event);
  }

  announceEnded(turn: FakeTurn, reason: TurnEndReason = 'left'): Promise<void> {
    const { robotId, userId, tokenHash, turn: number } = turn;
    const endedAt = new Date().toISOString();
    const event: SessionEnded = { robotId, userId, tokenHash, turn: number, reason, endedAt };
    return this.publish(eventSubject(sessionEnded, event), sessionEnded.name, event);
  }

  /** What queue-service asks before it hands out the controls. */
  async probe(robotId: string, tokenHash: string): Promise<string> {
    const ask = JSON.stringify({ robotId, tokenHash });
    const reply = await this.nc.request(probeSession.subject, ask, { timeout: 2_000 });
    return reply.json<{ ok: SessionProbeAnswer }>().ok.answer;
  }

  async close(): Promise<void> {
    await this.nc.close();
  }

  private answer(message: Msg): void {
    this.asked += 1;
    const turn = this.#turns.get(message.json<{ robotId: string }>().robotId);
    const remainingMs = turn === undefined ? 0 : Math.max(0, Date.parse(turn.expiresAt) - Date.now());
    message.respond(JSON.stringify({ ok: { turn: turn === undefined ? null : { ...turn, remainingMs } } }));
  }

  private async publish(subject: string, name: string, event: object): Promise<void> {
    const h = headers();
    h.set(HEADERS.event, name);
    h.set(HEADERS.occurredAt, new Date().toISOString());
    await jetstream(this.nc).publish(subject, JSON.stringify(event), { msgID: randomUUID(), headers: h });
  }
}
