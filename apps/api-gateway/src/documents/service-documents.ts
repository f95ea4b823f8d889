import http from 'node:http';
import https from 'node:https';
import { Injectable } from '@nestjs/common';
import { Clock, InjectConfig, Logger } from '@teleop/service-kit';
import type { GatewayConfig } from '../config';
import { Upstreams, type Upstream } from '../proxy/upstreams';
import { PathTable } from '../routing/match-path';
import { HTTP_ROUTES, UPSTREAMS, type UpstreamName } from '../routing/route-table';
import { mergeOpenApi, type Json } from './merge-openapi';

const MAX_BYTES = 4 * 1024 * 1024;
/** A service that was away is asked again after this. */
const RETRY_MS = 1_000;

interface Answer {
  /** What the service said last; it still holds while the service restarts or takes its time. */
  readonly document: Json | undefined;
  /** It did not answer this time. */
  readonly away: boolean;
}

interface Kept {
  readonly answer: Promise<Answer>;
  readonly until: number;
}

const NEVER_HEARD: Answer = { document: undefined, away: true };

/** The services' own OpenAPI documents, fetched when somebody asks and kept for a while. */
@Injectable()
export class ServiceDocuments {
  readonly #kept = new Map<UpstreamName, Kept>();
  readonly #routes = new PathTable(HTTP_ROUTES);

  constructor(
    private readonly upstreams: Upstreams,
    @InjectConfig() private readonly config: GatewayConfig,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async merged(): Promise<Json> {
    const answers = await Promise.all(
      UPSTREAMS.map(async (service) => ({ service, ...(await this.#ask(service)) })),
    );
    const known = answers.flatMap(({ service, document }) => (document ? [{ service, document }] : []));
    const away = answers.filter((answer) => answer.away).map(({ service }) => service);
    return mergeOpenApi(known, (path) => this.#routes.find(path)?.to, away);
  }

  async #ask(service: UpstreamName): Promise<Answer> {
    const upstream = this.upstreams.get(service);
    if (upstream === undefined) return NEVER_HEARD;
    const now = this.clock.monotonic();
    const kept = this.#kept.get(service);
    if (kept !== undefined && now < kept.until) return kept.answer;
    const answer = this.#fetch(upstream, kept?.answer);
    this.#kept.set(service, { answer, until: now + this.config.OPENAPI_CACHE_MS });
    const { away } = await answer;
    if (away) this.#kept.set(service, { answer, until: this.clock.monotonic() + RETRY_MS });
    return answer;
  }

  async #fetch(upstream: Upstream, before: Promise<Answer> | undefined): Promise<Answer> {
    try {
      const text = await read(upstream, this.config.OPENAPI_TIMEOUT_MS);
      return { document: JSON.parse(text) as Json, away: false };
    } catch (error) {
      this.logger.debug({ upstream: upstream.name, err: error }, 'no OpenAPI document from this service');
      return { document: (await before)?.document, away: true };
    }
  }
}

function read({ host, port, prefix, secure, agent }: Upstream, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const req = (secure ? https : http).get(
      { host, port, path: `${prefix}/openapi.json`, agent, signal },
      (res) => {
        if (res.statusCode !== 200) {
          res.resume();
          reject(new Error(`status ${res.statusCode}`));
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        res.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if ((size += chunk.length) > MAX_BYTES) res.destroy(new Error('too large'));
        });
        res.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
        res.once('error', reject);
      },
    );
    req.once('error', reject);
  });
}
