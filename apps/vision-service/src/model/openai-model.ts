import type { APIError, OpenAI } from 'openai';
import type { ResponseCreateParamsNonStreaming } from 'openai/resources/responses/responses';
import { FrameUploads } from './frame-uploads';
import { readReply, retryAfterMs } from './openai-reply';
import {
  ModelUnavailable,
  UnreadableReply,
  type ModelQuestion,
  type ModelReply,
  type VisionModel,
} from './vision-model';

export interface OpenAiSettings {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly maxOutputTokens: number;
}

/** Too large, or of a kind that is not taken: nothing else of a question can be. */
const PICTURES_ALONE = new Set([413, 415]);
/** Something of the question is wrong; what, the provider says in `param` and `code`. */
const SOMETHING_WRONG = new Set([400, 422]);
const OF_PICTURES = /image|content_policy/;
const CODE = /^[a-z0-9_]{1,64}$/;

/** A Responses API, the provider's own or a compatible one. Retries are not its business (see GuardedModel). */
export class OpenAiModel implements VisionModel {
  #client: OpenAI | undefined;
  readonly #uploads = new FrameUploads();

  constructor(private readonly settings: OpenAiSettings) {}

  async ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelReply> {
    try {
      signal.throwIfAborted();
      return await this.#uploads.with(question.frames, async (marks) => {
        const response = await this.client().responses.create(this.bodyOf(question, marks), { signal });
        return readReply(response);
      });
    } catch (error) {
      throw signal.aborted ? outOfTime(error) : translated(error);
    }
  }

  /** The SDK is 20 MB that a service which nobody asks does without. */
  private client(): OpenAI {
    if (this.#client === undefined) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const sdk = require('openai') as typeof import('openai');
      this.#client = new sdk.OpenAI({
        apiKey: this.settings.apiKey,
        baseURL: this.settings.baseUrl,
        maxRetries: 0,
        fetch: this.#uploads.fetch,
        // Its debug level prints requests, and with them people's pictures.
        logLevel: 'off',
      });
    }
    return this.#client;
  }

  private bodyOf(
    { model, system, user, answer }: ModelQuestion,
    images: readonly string[],
  ): ResponseCreateParamsNonStreaming {
    return {
      model,
      input: [
        { role: 'system', content: [{ type: 'input_text', text: system }] },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: user },
            ...images.map((image_url) => ({
              type: 'input_image' as const,
              image_url,
              detail: 'high' as const,
            })),
          ],
        },
      ],
      text: { format: { type: 'json_schema', name: answer.name, schema: answer.schema, strict: true } },
      max_output_tokens: this.settings.maxOutputTokens,
      // Nothing of it is kept by the provider.
      store: false,
    };
  }
}

function outOfTime(cause: unknown): ModelUnavailable {
  return new ModelUnavailable('the model did not answer in time', 'timed_out', { cause });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Whether the provider will not take these pictures, which is an answer, or what we set up: a model that is not there or a
 * parameter it does not know are mended, and the turn can then be judged. Who names nothing is taken to mean the pictures,
 * as all else of a question is the same every time.
 */
function refusesPictures({ status, param, code }: Partial<APIError>): boolean {
  if (PICTURES_ALONE.has(status ?? 0)) return true;
  if (!SOMETHING_WRONG.has(status ?? 0)) return false;
  const [about, why] = [text(param), text(code)];
  return about.startsWith('input') || OF_PICTURES.test(why) || (about === '' && why === '');
}

/** Nothing of the provider's text goes on, not even into the log: it may quote the key or the pictures. */
function translated(error: unknown): Error {
  if (error instanceof UnreadableReply || error instanceof ModelUnavailable) return error;
  const refusal = error as Partial<APIError>;
  const { status, headers } = refusal;
  if (typeof status !== 'number') {
    // Refused, reset, cut off in the middle, or an answer that is not JSON.
    return new ModelUnavailable('the model could not be reached', 'failing', { cause: error });
  }
  const code = text(refusal.code);
  const said = CODE.test(code) ? `${status} ${code}` : String(status);
  if (refusesPictures(refusal)) return new UnreadableReply(`the model answered ${said}`);
  const mayPass = status === 408 || status === 409 || status >= 500;
  const kind = status === 429 ? 'rate_limited' : mayPass ? 'failing' : 'refused_us';
  return new ModelUnavailable(`the model answered ${said}`, kind, { retryAfterMs: retryAfterMs(headers) });
}
