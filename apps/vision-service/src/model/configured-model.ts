import type { Clock } from '@teleop/service-kit';
import type { VisionConfig } from '../config';
import type { VisionMetrics } from '../evaluations/vision-metrics';
import { GuardedModel } from './guarded-model';
import { OpenAiModel } from './openai-model';

/** null without a key: the service then says that it is not configured. */
export function configuredModel(
  config: VisionConfig,
  clock: Clock,
  metrics: VisionMetrics,
): GuardedModel | null {
  if (config.OPENAI_API_KEY === undefined) return null;
  const model = new OpenAiModel({
    apiKey: config.OPENAI_API_KEY,
    baseUrl: config.OPENAI_BASE_URL,
    maxOutputTokens: config.VISION_MAX_OUTPUT_TOKENS,
  });
  const settings = {
    slots: config.VISION_MAX_CALLS,
    tries: config.VISION_CALL_TRIES,
    // Longer than an attempt is never.
    maxWaitMs: config.VISION_ATTEMPT_TIMEOUT_MS,
    backOff: { firstMs: config.VISION_BACKOFF_MS, maxMs: config.VISION_BACKOFF_MAX_MS },
    breaker: {
      failures: config.VISION_BREAKER_FAILURES,
      openMs: config.VISION_BREAKER_OPEN_MS,
      maxOpenMs: config.VISION_BREAKER_MAX_OPEN_MS,
    },
  };
  return new GuardedModel(model, settings, {
    now: () => clock.monotonic(),
    random: Math.random,
    onCall: (name, outcome, ms) => metrics.called(name, outcome, ms),
  });
}
