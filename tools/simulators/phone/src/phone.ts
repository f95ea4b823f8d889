import { createHmac, timingSafeEqual } from 'node:crypto';
import { decode } from 'jpeg-js';
import WebSocket from 'ws';
import { canonical } from './dart-json';

export interface PhoneOptions {
  readonly token: string;
  /** Of the gateway, or of pairing-service itself; http or https. */
  readonly url: string;
  readonly heartbeatMs: number;
  readonly log: (message: string, fields?: Record<string, unknown>) => void;
}

interface Envelope {
  readonly session_id: string;
  readonly seq: number;
  readonly timestamp: number;
  readonly payload: Record<string, unknown>;
  readonly hmac: string;
}

interface Session {
  readonly id: string;
  readonly key: Buffer;
  sent: number;
  received: number;
}

/** The app's side of the protocol. */
export class Phone {
  #session: Session | undefined;

  constructor(private readonly options: PhoneOptions) {}

  /** Connects, claims, looks at every snapshot and answers it; resolves with the reason when the session ends. */
  async visit(): Promise<string> {
    const { url, token, heartbeatMs } = this.options;
    const target = new URL('/ws/app', url.replace(/^http/, 'ws'));
    target.searchParams.set('token', token);
    const socket = new WebSocket(target, { perMessageDeflate: false });
    const beat = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"heartbeat"}');
    }, heartbeatMs);
    try {
      return await new Promise<string>((resolve, reject) => {
        socket.on('message', (data: Buffer) => {
          this.heard(socket, JSON.parse(data.toString('utf8')) as Record<string, unknown>, resolve).catch(
            reject,
          );
        });
        socket.on('unexpected-response', (_request, response) => {
          response.resume();
          reject(new Error(`the code is not good any more (HTTP ${response.statusCode})`));
        });
        socket.on('error', reject);
        socket.on('close', (code: number) => reject(new Error(`the connection was closed (${code})`)));
      });
    } finally {
      clearInterval(beat);
      socket.close(1000);
    }
  }

  private async heard(
    socket: WebSocket,
    frame: Record<string, unknown>,
    ended: (reason: string) => void,
  ): Promise<void> {
    switch (frame['type']) {
      case 'connection_established':
        return this.claim(String(frame['app_connection_id']));
      case 'session_activated': {
        const key = Buffer.from(String(frame['session_key']), 'base64');
        this.#session = { id: String(frame['session_id']), key, sent: 0, received: 0 };
        return this.options.log('in session', { sessionId: frame['session_id'] });
      }
      case 'session_message':
        return this.snapshot(socket, frame['envelope'] as Envelope);
      case 'error':
        throw new Error(`refused: ${String(frame['code'])}`);
      case 'end_session':
        return ended(String(frame['reason']));
    }
  }

  private async claim(appConnectionId: string): Promise<void> {
    const { url, token } = this.options;
    const response = await fetch(new URL('/pair/claim', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pairing_token: token, app_connection_id: appConnectionId }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok)
      throw new Error(`not claimed: HTTP ${response.status} ${(await response.text()).slice(0, 300)}`);
  }

  private snapshot(socket: WebSocket, envelope: Envelope): void {
    const session = this.#session;
    if (session === undefined) throw new Error('a message before the session began');
    if (envelope.seq !== session.received + 1) throw new Error(`message ${envelope.seq} out of order`);
    if (!this.isGenuine(session, envelope)) throw new Error('a message that the kiosk did not sign');
    session.received = envelope.seq;
    const { width, height } = decode(Buffer.from(String(envelope.payload['snapshot_base64']), 'base64'));
    this.options.log('snapshot received', { width, height, bytes: JSON.stringify(envelope.payload).length });
    this.send(socket, session, { result: 'success', metadata: { score: 0.93, width, height } });
  }

  private isGenuine(session: Session, { session_id, seq, timestamp, payload, hmac }: Envelope): boolean {
    const expected = signed(session, `${session_id}${seq}${timestamp}${canonical(payload)}`);
    const claimed = Buffer.from(hmac, 'hex');
    return claimed.length === expected.length && timingSafeEqual(claimed, expected);
  }

  private send(socket: WebSocket, session: Session, payload: object): void {
    session.sent += 1;
    const timestamp = Date.now();
    const hmac = signed(session, `${session.id}${session.sent}${timestamp}${canonical(payload)}`).toString(
      'hex',
    );
    const envelope = { session_id: session.id, seq: session.sent, timestamp, payload, hmac };
    socket.send(JSON.stringify({ type: 'session_message', envelope }));
  }
}

function signed({ key }: Session, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
