import { AsyncLocalStorage } from 'node:async_hooks';
import { randomFillSync } from 'node:crypto';

/** W3C trace context, https://www.w3.org/TR/trace-context/#traceparent-header */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: string;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const ZEROS = /^0+$/;

// Random bytes are taken from the kernel 4 KiB at a time: one system call for 170 requests.
const pool = Buffer.alloc(4096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('hex', used, used + bytes);
  used += bytes;
  return text;
}

/** Ids of one request or message. They are only made when somebody asks: most requests never log anything. */
export class TraceContext implements TraceIds {
  #traceId: string | undefined;
  #spanId: string | undefined;
  #flags = '01';

  constructor(private readonly traceparent: string | undefined) {}

  get traceId(): string {
    if (this.#traceId === undefined) this.#resolve();
    return this.#traceId as string;
  }

  get spanId(): string {
    return (this.#spanId ??= randomHex(8));
  }

  get flags(): string {
    if (this.#traceId === undefined) this.#resolve();
    return this.#flags;
  }

  #resolve(): void {
    const found = this.traceparent === undefined ? null : TRACEPARENT.exec(this.traceparent);
    const [, traceId, parent, flags] = found ?? [];
    const valid =
      traceId && parent && !ZEROS.test(traceId) && !ZEROS.test(parent) && !this.traceparent?.startsWith('ff');
    this.#traceId = valid ? traceId : randomHex(16);
    if (valid && flags) this.#flags = flags;
  }
}

const storage = new AsyncLocalStorage<TraceIds>();

/** Traces that are to be followed across awaits just now. */
let held = 0;
/** The trace of work that is done before it returns. */
let immediate: TraceIds | undefined;

/** Where ids come from while OpenTelemetry runs; see telemetry.ts. */
let activeSpan: () => TraceIds | undefined = () => undefined;

export function useSpansOf(source: () => TraceIds | undefined): void {
  activeSpan = source;
}

/** Ids of the request or message being handled, if any. */
export function currentTrace(): TraceIds | undefined {
  return activeSpan() ?? immediate ?? storage.getStore();
}

export function formatTraceparent(trace: TraceIds): string {
  return `00-${trace.traceId}-${trace.spanId}-${trace.flags}`;
}

/** Headers to send on, so that the next service logs the same trace id. Empty outside a trace. */
export function traceHeaders(): Record<string, string> {
  const trace = currentTrace();
  return trace === undefined ? {} : { traceparent: formatTraceparent(trace) };
}

/**
 * Traces are followed across awaits until the returned function is called. Once used, Node 20's AsyncLocalStorage has every
 * promise and callback of the process pass through its hooks; a gateway that passes on thousands of frames a second and is
 * asked a few times a second gives a seventh of its time for that. So it is switched off whenever nothing is under way.
 */
export function holdTraces(): () => void {
  held += 1;
  let released = false;
  return () => {
    if (released) return;
    released = true;
    held -= 1;
    if (held === 0) storage.disable();
  };
}

/** Runs `work` inside the trace of `traceparent`, or inside a new one when it is absent or malformed. */
export function runWithTrace<T>(traceparent: string | undefined, work: () => T): T {
  return runInTrace(new TraceContext(traceparent), work);
}

/** Until `work` returns, or what it returns settles. Whatever goes on beyond that needs `holdTraces`. */
export function runInTrace<T>(trace: TraceIds, work: () => T): T {
  const release = holdTraces();
  let result: T;
  try {
    result = storage.run(trace, work);
  } catch (error) {
    release();
    throw error;
  }
  if (result instanceof Promise) return result.finally(release) as T;
  release();
  return result;
}

/** For work that is done when it returns, thousands of times a second. */
export function runNowInTrace<T>(trace: TraceIds, work: () => T): T {
  const before = immediate;
  immediate = trace;
  try {
    return work();
  } finally {
    immediate = before;
  }
}
