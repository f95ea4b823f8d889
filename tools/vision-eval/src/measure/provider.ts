import { VisionModelServer } from '@teleop/sim-vision-model';
import { GuardedModel, OpenAiModel, type VisionModel } from '@teleop/vision-service';

export interface Provider {
  readonly name: string;
  readonly model: VisionModel;
  /** Milliseconds of every call so far, by model. */
  readonly calls: Map<string, number[]>;
  stop(): Promise<void>;
}

export interface ProviderOptions {
  readonly apiKey: string | undefined;
  readonly baseUrl: string;
  readonly concurrency: number;
}

/** The one that is configured; without a key the simulated model, in this process. */
export async function openProvider({ apiKey, baseUrl, concurrency }: ProviderOptions): Promise<Provider> {
  const simulator = apiKey === undefined ? new VisionModelServer() : undefined;
  const url = simulator === undefined ? baseUrl : await simulator.start();
  const model = new OpenAiModel({ apiKey: apiKey ?? 'simulated', baseUrl: url, maxOutputTokens: 4_096 });
  const calls = new Map<string, number[]>();
  const settings = {
    slots: concurrency,
    tries: 5,
    maxWaitMs: 60_000,
    backOff: { firstMs: 500, maxMs: 20_000 },
    // A measurement waits for a model that is ill rather than going on without it.
    breaker: { failures: Number.MAX_SAFE_INTEGER, openMs: 1, maxOpenMs: 1 },
  };
  const guarded = new GuardedModel(model, settings, {
    now: () => performance.now(),
    random: Math.random,
    onCall: (name, outcome, ms) => {
      if (outcome !== 'answered' && outcome !== 'unreadable') return;
      calls.set(name, [...(calls.get(name) ?? []), ms]);
    },
  });
  return {
    name: simulator === undefined ? baseUrl : 'the simulated model (OPENAI_API_KEY is not set)',
    model: guarded,
    calls,
    stop: async () => simulator?.stop(),
  };
}
