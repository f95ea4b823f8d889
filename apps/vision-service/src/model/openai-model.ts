import OpenAI, { APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { Response, ResponseCreateParamsNonStreaming } from 'openai/resources/responses/responses';
import { readReply, retryAfterMs } from './openai-reply';
import { StartLane } from './start-lane';
import { ModelUnavailable, UnreadableReply, type ModelQuestion, type ModelReply, type VisionModel } from './vision-model';

export interface OpenAiSettings {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly maxOutputTokens: number;
}

/** Statuses by which a provider says that it will not take these pictures or this question. */
const NOT_ACCEPTED = new Set([400, 413, 415, 422]);

/** A Responses API, the provider's own or a compatible one. Retries are not its business (see GuardedModel). */
export class OpenAiModel implements VisionModel {
  readonly #client: OpenAI;
  readonly #lane = new StartLane();

  constructor(private readonly settings: OpenAiSettings) {
    this.#client = new OpenAI({
      apiKey: settings.apiKey,
      baseURL: settings.baseUrl,
      maxRetries: 0,
      // Its debug level prints requests, and with them people's pictures.
      logLevel: 'off',
    });
  }

  async ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelReply> {
    try {
      const { started } = await this.#lane.start(() => {
        signal.throwIfAborted();
        const call = this.#client.responses.create(this.bodyOf(question), { signal });
        // It is waited for below, but the lane's turn comes first: a failure until then is not unhandled.
        call.catch(() => undefined);
        return call;
      });
      return readReply((await started) as Partial<Response>);
    } catch (error) {
      throw signal.aborted ? outOfTime(error) : translated(error);
    }
  }

  private bodyOf({ model, system, user, frames, answer }: ModelQuestion): ResponseCreateParamsNonStreaming {
    return {
      model,
      input: [
        { role: 'system', content: [{ type: 'input_text', text: system }] },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: user },
            ...frames.map(({ bytes, kind }) => ({
              type: 'input_image' as const,
              image_url: `data:${kind};base64,${bytes.toString('base64')}`,
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

/** Nothing of the provider's text goes on: it may quote the key or the pictures. */
function translated(error: unknown): Error {
  if (error instanceof UnreadableReply || error instanceof ModelUnavailable) return error;
  if (error instanceof APIConnectionTimeoutError || error instanceof APIUserAbortError) return outOfTime(error);
  const cause = error;
  if (!(error instanceof APIError) || typeof error.status !== 'number') {
    // Refused, reset, cut off in the middle, or an answer that is not JSON.
    return new ModelUnavailable('the model could not be reached', 'failing', { cause });
  }
  const status = error.status as number;
  if (status === 429) {
    const after = retryAfterMs(error.headers as Headers | undefined);
    return new ModelUnavailable('the model answered 429', 'rate_limited', { retryAfterMs: after, cause });
  }
  if (NOT_ACCEPTED.has(status)) return new UnreadableReply(`the model answered ${status}`);
  const mayPass = status === 408 || status === 409 || status >= 500;
  const options = { retryAfterMs: retryAfterMs(error.headers as Headers | undefined), cause };
  return new ModelUnavailable(`the model answered ${status}`, mayPass ? 'failing' : 'refused_us', options);
}
