import type { Clock } from '../clock/clock';
import type { Faults } from '../faults/faults';
import { controlUrl, httpUrl, postHeaders, type DEFAULTS, type TableRobotOptions } from '../options';
import { Announcer } from './announcer';
import { ControlSocket } from './control-socket';
import { EventOutbox } from './event-outbox';
import { HttpClient, keepAliveAgent } from './http-client';
import { PostOffice } from './post-office';
import { Registration } from './registration';
import { RobotServer, type Answers } from './robot-server';
import { Telemetry } from './telemetry';

export type LinksOptions = typeof DEFAULTS & TableRobotOptions;

export interface LinksPorts {
  faults(): Faults;
  random(): number;
  state(): object;
  opened(): void;
  frame(text: string): void;
  lost(code: number): void;
}

const ANNOUNCE_MS = 10_000;
const SOCKETS = 64;

/** Every way in which a robot talks to its gateway, and the server at which it is asked. */
export class Links {
  readonly outbox: EventOutbox;
  readonly telemetry: Telemetry;
  readonly control: ControlSocket;
  readonly registration: Registration;
  readonly server: RobotServer | undefined;
  readonly #clock: Clock;
  readonly #http: HttpClient;
  readonly #announcer: Announcer | undefined;
  readonly #ownAgent: { destroy(): void } | undefined;
  #announcedAt = -Infinity;

  constructor(
    private readonly options: LinksOptions,
    private readonly ports: LinksPorts,
    answers: Answers,
  ) {
    this.#clock = options.clock;
    const url = httpUrl(options.url);
    const agent = options.agent ?? keepAliveAgent(url, SOCKETS);
    this.#ownAgent = options.agent === undefined ? agent : undefined;
    const timeoutMs = options.requestTimeoutMs;
    this.#http = new HttpClient({ url, headers: postHeaders(options), agent, timeoutMs });
    const office = new PostOffice(
      this.#http,
      () => ports.faults().drop,
      () => ports.random(),
    );
    const retry = {
      firstMs: options.reconnectFirstMs,
      maxMs: options.reconnectMaxMs,
      random: () => ports.random(),
    };
    const now = (): number => this.#clock.now();
    this.outbox = new EventOutbox(office, now, retry);
    this.telemetry = this.makeTelemetry(office);
    this.control = this.makeControl();
    const everyMs = options.registerMs;
    this.registration = new Registration(office, () => this.server?.port ?? 0, { ...retry, everyMs, now });
    this.server = makeServer(options.server, answers);
    this.#announcer = options.announcer ?? (options.announce && new Announcer(options.announce, options.log));
  }

  /** Resolves when its server listens; the rest comes with the ticks. */
  async start(): Promise<void> {
    await this.server?.listen();
    this.telemetry.reset();
    this.registration.again();
    this.control.open();
  }

  async stop(): Promise<void> {
    await Promise.all([this.control.close(), this.server?.close()]);
    this.#http.close();
    this.#ownAgent?.destroy();
    if (this.options.announcer === undefined) this.#announcer?.close();
  }

  /** Everything ends in this moment, without a goodbye. */
  async kill(): Promise<void> {
    this.control.kill();
    this.#http.close();
    await this.server?.close();
  }

  tick(now: number): void {
    this.control.tick(now);
    this.outbox.tick(now);
    this.telemetry.tick(now);
    this.#http.tick(now);
    if (this.server === undefined) return;
    this.registration.tick(now);
    if (this.#announcer !== undefined && now - this.#announcedAt >= ANNOUNCE_MS) this.announce(now);
  }

  private announce(now: number): void {
    this.#announcedAt = now;
    const { robotId, defaultRobotId } = this.options;
    const named = robotId === defaultRobotId ? {} : { robotId };
    this.#announcer?.send({ type: 'announce', port: this.server?.port, ...named });
  }

  private makeTelemetry(office: PostOffice): Telemetry {
    const { log, telemetryMs } = this.options;
    const turned = (taken: boolean, status: number | undefined): void => {
      log(taken ? 'telemetry taken' : 'telemetry not taken', { status });
      // A gateway that did not hear of us for long has forgotten where we are.
      if (taken) this.registration.again();
    };
    const { ports } = this;
    return new Telemetry(
      office,
      { state: () => ports.state(), lag: () => ports.faults().lag, random: () => ports.random(), turned },
      telemetryMs,
    );
  }

  private makeControl(): ControlSocket {
    const { options, ports } = this;
    const { log } = options;
    const url = controlUrl(options.url, options);
    const headers: Record<string, string> = options.firmware === 'old' ? {} : { 'x-api-key': options.apiKey };
    return new ControlSocket(
      { ...options, url, headers, random: () => ports.random(), faults: () => ports.faults() },
      {
        now: () => this.#clock.now(),
        opened: () => {
          log('connected', { url: url.origin });
          this.registration.again();
          this.telemetry.changed();
          ports.opened();
        },
        frame: (text) => ports.frame(text),
        lost: (code, retryInMs) => {
          log('disconnected', { code, retryInMs: Math.round(retryInMs) });
          ports.lost(code);
        },
        failed: (error) => log('connection failed', { error: error.message }),
      },
    );
  }
}

function makeServer(server: LinksOptions['server'], answers: Answers): RobotServer | undefined {
  if (server === false) return undefined;
  const { host = '0.0.0.0', port = 0 } = server ?? {};
  return new RobotServer({ host, port }, answers);
}
