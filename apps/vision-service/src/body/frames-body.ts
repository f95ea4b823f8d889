import type { IncomingMessage, ServerResponse } from 'node:http';
import { bearerToken, secretsEqual } from '@teleop/auth';
import { ProblemError } from '@teleop/service-kit';
import { BodyScanner, BodyTooComplex } from './body-scanner';
import type { ByteBudget } from './byte-budget';
import { BytesPerTurn } from '../frames/bytes-per-turn';

export interface FramesBodySettings {
  readonly maxBytes: number;
  readonly waitMs: number;
  readonly internalToken: string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** A place in the budget. */
export interface Hold {
  /** The frames are of no more use. */
  readonly release: () => void;
  /** How long the body had to wait for its place before it was read. */
  readonly waitedMs: number;
}

const NO_HOLD: Hold = { release: () => undefined, waitedMs: 0 };

/**
 * Everything but long frames: names of cameras, the robot, the token, whatever else old clients send along, and pictures of
 * about a kilobyte, five a side, of as many cameras as can be configured.
 */
const MAX_REST_BYTES = 1024 * 1024;

/** Reads bodies with frames, each within a budget that all of them share. */
export class FramesBody {
  readonly #responses = new WeakMap<IncomingMessage, ServerResponse>();
  readonly #holds = new WeakMap<IncomingMessage, Hold>();

  constructor(
    private readonly budget: ByteBudget,
    private readonly settings: FramesBodySettings,
  ) {}

  /** Tells which response belongs to a request, before its body is read. */
  expect(request: IncomingMessage, response: ServerResponse): void {
    this.#responses.set(request, response);
  }

  /** From here on the caller says when the frames are of no more use; until then it is the end of the response. */
  claim(request: IncomingMessage): Hold {
    const hold = this.#holds.get(request);
    this.#holds.delete(request);
    return hold ?? NO_HOLD;
  }

  /** The body's JSON value with its long texts as FrameText. Throws ProblemError. */
  async read(request: IncomingMessage): Promise<unknown> {
    // Whoever may not ask makes us keep nothing: the guard refuses him with what it always says.
    const token = bearerToken(request.headers.authorization);
    if (token === undefined || !secretsEqual(token, this.settings.internalToken)) return undefined;
    const { maxBytes, waitMs, now } = this.settings;
    const declared = Number(request.headers['content-length'] ?? maxBytes);
    if (declared > maxBytes) throw tooLarge();
    const askedAt = now();
    const release = await this.budget.take(declared, waitMs);
    if (release === undefined) {
      throw new ProblemError(503, 'VISION_BUSY', 'Too many evaluations are under way; try again', {
        headers: { 'retry-after': '2' },
      });
    }
    this.hold(request, { release, waitedMs: now() - askedAt });
    return scan(request, maxBytes);
  }

  private hold(request: IncomingMessage, hold: Hold): void {
    this.#holds.set(request, hold);
    const finished = () => this.claim(request).release();
    const response = this.#responses.get(request);
    if (response === undefined || response.closed) finished();
    else response.once('close', finished);
  }
}

/** About a millisecond of looking. */
const perTurn = new BytesPerTurn(1024 * 1024);

async function scan(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const scanner = new BodyScanner(MAX_REST_BYTES);
  let bytes = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      scanner.push(chunk);
      await perTurn.take(chunk.length);
    }
    return scanner.end();
  } catch (error) {
    if (error instanceof SyntaxError)
      throw invalid('The body is not valid JSON', 'must be valid JSON', error);
    if (error instanceof BodyTooComplex)
      throw invalid('The body has too much besides frames', error.message, error);
    // The sender went away in the middle: nobody is there to read what we say.
    if (request.errored || request.destroyed) throw invalid('The body did not arrive', 'was cut off', error);
    throw error;
  }
}

function invalid(detail: string, message: string, cause: unknown): ProblemError {
  return new ProblemError(400, 'VALIDATION_FAILED', detail, { errors: [{ path: 'body', message }], cause });
}

function tooLarge(): ProblemError {
  return new ProblemError(413, 'PAYLOAD_TOO_LARGE', 'The body is larger than this endpoint takes');
}
