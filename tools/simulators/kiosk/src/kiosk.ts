import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import { sessionMessage, type Session } from './envelope';
import type { EvmKey } from './evm-key';
import { PairingApi } from './pairing-api';
import { snapshotBase64 } from './snapshot';

/** The phases that the kiosk's own screen shows, as in the playbook. */
export type Phase =
  'idle' | 'pairing_request' | 'qr_display' | 'human_detect' | 'waiting_ack' | 'complete' | 'error';

export interface KioskOptions {
  readonly deviceId: string;
  readonly key: EvmKey;
  /** Of the gateway, or of pairing-service itself; http or https. */
  readonly url: string;
  readonly heartbeatMs: number;
  /** Milliseconds a visitor takes to stand still. */
  readonly captureMs: number;
  readonly phase: (phase: Phase, fields: Record<string, unknown>) => void;
  /** A token to be shown as a QR code. */
  readonly show: (token: string, expiresInSeconds: number) => void;
}

const RETRY_MS = 2_000;
const ACK_TIMEOUT_MS = 60_000;
/** A new code this long before the old one expires: nobody should scan one that is about to. */
const REFRESH_EARLY_MS = 10_000;

interface Frame {
  readonly type?: string;
  readonly [field: string]: unknown;
}

/** The kiosk's side of the protocol: pairs, takes a snapshot, waits for the phone's answer, ends, and begins again. */
export class Kiosk {
  readonly #api: PairingApi;
  #socket: WebSocket | undefined;
  readonly #stopped = new AbortController();
  #visits = 0;
  #waiting: { readonly wants: (frame: Frame) => boolean; readonly got: (frame: Frame) => void }[] = [];

  constructor(private readonly options: KioskOptions) {
    this.#api = new PairingApi(options.url);
  }

  /** Until `stop`. What goes wrong is shown, and tried again. */
  async run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      try {
        await this.visit();
      } catch (error) {
        if (this.#stopped.signal.aborted) return;
        this.options.phase('error', { reason: (error as Error).message });
        await this.pause(RETRY_MS);
      }
    }
  }

  /** One visitor, from the QR code to the end of the session. */
  async visit(): Promise<void> {
    const { phase } = this.options;
    const session = await this.paired();
    phase('human_detect', { sessionId: session.sessionId });
    await this.pause(this.options.captureMs);
    this.#visits += 1;
    const payload = { snapshot_base64: snapshotBase64(this.#visits) };
    const acknowledged = this.next(
      ({ type }) => type === 'session_message' || type === 'end_session',
      ACK_TIMEOUT_MS,
    );
    this.send(sessionMessage(session, 1, payload));
    phase('waiting_ack', { bytes: payload.snapshot_base64.length });
    const answer = await acknowledged;
    if (answer.type === 'end_session') phase('complete', { ended: answer['reason'] });
    else {
      const { payload: result } = answer['envelope'] as { payload: unknown };
      phase('complete', { result: JSON.stringify(result) });
      const ended = this.next(({ type }) => type === 'end_session', ACK_TIMEOUT_MS);
      this.send(JSON.stringify({ type: 'end_session', reason: 'app_complete' }));
      await ended;
    }
    phase('idle', {});
  }

  stop(): void {
    this.#stopped.abort();
    this.#socket?.close(1000);
  }

  private async paired(): Promise<Session> {
    const { deviceId, key, phase, show } = this.options;
    for (;;) {
      phase('pairing_request', { deviceId });
      const { token, expiresInSeconds } = await this.#api.token(deviceId, key);
      await this.connected(token);
      phase('qr_display', { expiresInSeconds });
      show(token, expiresInSeconds);
      const waitMs = Math.max(1_000, expiresInSeconds * 1_000 - REFRESH_EARLY_MS);
      const frame = await this.next(({ type }) => type === 'session_activated', waitMs).catch(
        (error: unknown) => {
          if (error instanceof NothingCame) return undefined;
          throw error;
        },
      );
      if (frame !== undefined)
        return { sessionId: String(frame['session_id']), sessionKey: String(frame['session_key']) };
    }
  }

  private async connected(token: string): Promise<void> {
    if (this.#socket?.readyState === WebSocket.OPEN) return;
    const target = new URL(`/ws/device/${this.options.deviceId}`, this.options.url.replace(/^http/, 'ws'));
    // Not needed where PAIRING_OPEN_DEVICE_SOCKET is on, and then not looked at.
    const socket = new WebSocket(target, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    socket.on('error', () => socket.terminate());
    socket.on('message', (data: Buffer) => this.heard(JSON.parse(data.toString('utf8')) as Frame));
    const beat = setInterval(() => this.send('{"type":"heartbeat"}'), this.options.heartbeatMs);
    socket.once('close', (code: number) => {
      clearInterval(beat);
      this.heard({ type: 'closed', code });
    });
    this.#socket = socket;
    if (this.#stopped.signal.aborted) socket.close(1000);
  }

  private send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  private heard(frame: Frame): void {
    for (const waiting of [...this.#waiting]) {
      if (frame.type === 'closed' || frame.type === 'error' || waiting.wants(frame)) waiting.got(frame);
    }
  }

  private next(wants: (frame: Frame) => boolean, timeoutMs: number): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const waiting = {
        wants,
        got: (frame: Frame) => {
          done();
          if (frame.type === 'closed')
            reject(new Error(`the connection was closed (${String(frame['code'])})`));
          else if (frame.type === 'error') reject(new Error(`refused: ${String(frame['code'])}`));
          else resolve(frame);
        },
      };
      const timer = setTimeout(() => {
        done();
        reject(new NothingCame(`nothing came within ${timeoutMs} ms`));
      }, timeoutMs);
      const { signal } = this.#stopped;
      const aborted = () => {
        done();
        reject(new Error('stopped'));
      };
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', aborted);
        this.#waiting = this.#waiting.filter((one) => one !== waiting);
      };
      this.#waiting.push(waiting);
      if (signal.aborted) aborted();
      else signal.addEventListener('abort', aborted);
    });
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopped.signal });
  }
}

class NothingCame extends Error {
  override readonly name = 'NothingCame';
}
