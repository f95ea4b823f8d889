/** How the model misbehaves. Shares are 0..1, each asked for every call. */
export interface Knobs {
  /** Milliseconds of a call, and how much it may differ from that (±). */
  latencyMs: number;
  latencyJitterMs: number;
  /** One of the counts is off by one. */
  errorRate: number;
  refusalRate: number;
  /** The answer is cut off and the response says `incomplete`. */
  truncationRate: number;
  rateLimitRate: number;
  /** Answers 500. */
  failureRate: number;
  /** Words around the JSON. */
  proseRate: number;
  /** Never answers. */
  hangRate: number;
  /** What the `retry-after` of a 429 says, seconds. */
  retryAfterSeconds: number;
}

export const DEFAULT_KNOBS: Knobs = {
  latencyMs: 0,
  latencyJitterMs: 0,
  errorRate: 0,
  refusalRate: 0,
  truncationRate: 0,
  rateLimitRate: 0,
  failureRate: 0,
  proseRate: 0,
  hangRate: 0,
  retryAfterSeconds: 0,
};

/** What is wrong with a change of knobs, or undefined. */
export function faultOfKnobs(change: unknown): string | undefined {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return 'must be an object';
  for (const [name, value] of Object.entries(change)) {
    if (!(name in DEFAULT_KNOBS))
      return `${name} is no knob; there are ${Object.keys(DEFAULT_KNOBS).join(', ')}`;
    const most = name.endsWith('Rate') ? 1 : 600_000;
    if (typeof value !== 'number' || !(value >= 0 && value <= most))
      return `${name} must be a number from 0 to ${most}`;
  }
  return undefined;
}

/** `VISION_MODEL_LATENCY_MS` for latencyMs, and so on. */
export function knobsOf(env: NodeJS.ProcessEnv): Knobs {
  const knobs = { ...DEFAULT_KNOBS };
  for (const name of Object.keys(DEFAULT_KNOBS) as (keyof Knobs)[]) {
    const text = env[`VISION_MODEL_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`];
    if (text !== undefined && text !== '') knobs[name] = Number(text);
  }
  const fault = faultOfKnobs(knobs);
  if (fault !== undefined) throw new Error(`VISION_MODEL_…: ${fault}`);
  return knobs;
}
