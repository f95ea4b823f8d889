import { EventEmitter } from 'node:events';
import WebSocket from 'ws';
import { ArmBrain, type StopCause } from './arm/arm-brain';
import type { Command } from './arm/command';
import { Backoff } from './link/backoff';
import { silent, type Log } from './link/log';

export interface ArmRobotOptions {
  readonly robotId: string;
  /** `ws://host:port` of robot-gateway, or of the api-gateway in front of it. */
  readonly url: string;
  readonly apiKey?: string;
  /** State reports a second. */
  readonly reportHz?: number;
  readonly deadmanMs?: number;
  readonly reconnectFirstMs?: number;
  readonly reconnectMaxMs?: number;
  /** Ask for `lease` frames; a robot of the old firmware does not. */
  readonly announceLease?: boolean;
  /** Leave lock requests unanswered, as robots do whose firmware does not know them. */
  readonly ignoreLockRequests?: boolean;
  readonly log?: Log;
}

export interface ArmRobotEvents {
  connected: [];
  disconnected: [code: number];
  frame: [text: string];
  command: [command: Command];
  stopped: [cause: StopCause];
  /** 50 times a second while it runs. */
  stepped: [state: { readonly joints: readonly number[]; readonly gripper: number }];
}

const STEP_HZ = 50;
/** Another socket of this robot took over. Coming back at once would start a fight over the name. */
const REPLACED = 4002;

/** The simulated arm: connects out to the gateway, obeys, reports, stops by itself when nobody commands it. */
export class ArmRobot extends EventEmitter<ArmRobotEvents> {
  readonly brain: ArmBrain;
  readonly #backoff: Backoff;
  readonly #log: Log;
  #socket: WebSocket | undefined;
  #timers: NodeJS.Timeout[] = [];
  #retry: NodeJS.Timeout | undefined;
  #running = false;
  #steppedAt = 0;

  constructor(private readonly options: ArmRobotOptions) {
    super();
    this.brain = new ArmBrain(options.deadmanMs ?? 1_000);
    this.#backoff = new Backoff(options.reconnectFirstMs ?? 250, options.reconnectMaxMs ?? 5_000);
    this.#log = options.log ?? silent;
  }

  start(): this {
    if (this.#running) return this;
    this.#running = true;
    this.#steppedAt = performance.now();
    this.#timers = [
      setInterval(() => this.step(), 1_000 / STEP_HZ),
      setInterval(() => this.report(), 1_000 / (this.options.reportHz ?? 10)),
    ];
    this.connect();
    return this;
  }

  /** Resolves when the socket is closed. */
  async stop(): Promise<void> {
    this.#running = false;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#retry);
    const socket = this.#socket;
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.close(1001);
      setTimeout(() => socket.terminate(), 500).unref();
    });
  }

  get connected(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Sends a frame as the robot would. */
  send(data: string | Buffer): void {
    if (this.connected) this.#socket?.send(data);
  }

  /** Cuts the connection without a goodbye, as a lost radio link does. */
  drop(): void {
    this.#socket?.terminate();
  }

  private connect(): void {
    const target = new URL('/ws/robot/control', this.options.url);
    target.searchParams.set('robotId', this.options.robotId);
    if (this.options.announceLease ?? true) target.searchParams.set('lease', 'announce');
    const { apiKey } = this.options;
    const socket = new WebSocket(target, {
      headers: apiKey === undefined ? {} : { 'x-api-key': apiKey },
      handshakeTimeout: 5_000,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on('open', () => {
      this.#backoff.reset();
      this.#log('connected', { url: target.origin });
      this.report();
      this.emit('connected');
    });
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.receive(data.toString('utf8'));
    });
    // 'close' always follows and is where the retry is; without a listener the error would end the process.
    socket.on('error', (error) => this.#log('connection failed', { error: error.message }));
    socket.on('close', (code) => this.closed(socket, code));
  }

  private closed(socket: WebSocket, code: number): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.brain.disconnected();
    this.emit('disconnected', code);
    if (!this.#running) return;
    const waitMs = code === REPLACED ? this.#backoff.longest() : this.#backoff.next();
    this.#log('disconnected', { code, retryInMs: Math.round(waitMs) });
    this.#retry = setTimeout(() => this.connect(), waitMs);
  }

  private receive(text: string): void {
    this.emit('frame', text);
    if (this.options.ignoreLockRequests === true && text.includes('"lock_request"')) return;
    const { answer, command, stopped } = this.brain.receive(text, performance.now());
    if (command?.kind === 'lease') this.#log('lease', { epoch: command.lease.epoch, state: command.state });
    if (command !== undefined) this.emit('command', command);
    if (stopped !== undefined) this.stopped(stopped);
    if (answer !== undefined) this.send(JSON.stringify(answer));
  }

  private step(): void {
    const now = performance.now();
    const stopped = this.brain.tick(now, (now - this.#steppedAt) / 1_000);
    this.#steppedAt = now;
    if (stopped !== undefined) this.stopped(stopped);
    this.emit('stepped', this.brain.arm);
  }

  private stopped(cause: StopCause): void {
    this.#log('stopped', { cause });
    this.emit('stopped', cause);
  }

  private report(): void {
    if (this.connected) this.send(JSON.stringify(this.brain.report(this.options.robotId, Date.now())));
  }
}
