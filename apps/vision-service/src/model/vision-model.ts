import type { Frame } from '../frames/frame';
import type { OperationalError } from '@teleop/contracts';

/** What a model is asked; pictures in the order in which the prompt speaks of them. */
export interface ModelQuestion {
  readonly model: string;
  readonly system: string;
  readonly user: string;
  readonly frames: readonly Frame[];
  /** Name and JSON Schema of the answer, enforced by the provider where it can. */
  readonly answer: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> };
}

export interface TokenUse {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ModelReply extends TokenUse {
  readonly text: string;
}

/** Anything that looks at pictures and answers in JSON. */
export interface VisionModel {
  /** Throws UnreadableReply or ModelUnavailable; when `signal` aborts, ModelUnavailable. */
  ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelReply>;
}

/** The model answered, but not with what was asked for: refused, cut off, or not accepting the pictures. */
export class UnreadableReply extends Error {
  override readonly name = 'UnreadableReply';

  constructor(
    message: string,
    readonly use: TokenUse = { inputTokens: 0, outputTokens: 0 },
  ) {
    super(message);
  }
}

export type UnavailableKind = 'rate_limited' | 'failing' | 'timed_out' | 'refused_us';

/** The model could not be reached or did not answer in time. */
export class ModelUnavailable extends Error implements OperationalError {
  override readonly name = 'ModelUnavailable';
  readonly operational = true;

  constructor(
    message: string,
    readonly kind: UnavailableKind,
    readonly options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }

  /** Whether the same question may be answered a moment later. */
  get retryable(): boolean {
    return this.kind === 'rate_limited' || this.kind === 'failing';
  }
}
