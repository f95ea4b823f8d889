import { currentTrace, formatTraceparent, runWithTrace } from './trace-context';

/** How a trace travels over message headers; the shape that messaging takes as its `trace` option. */
export interface TraceCarrier {
  /** The `traceparent` of the work in progress, if any. */
  current(): string | undefined;
  run<T>(traceparent: string | undefined, work: () => Promise<T>): Promise<T>;
}

/** Replaced by OpenTelemetry's own propagation while its SDK runs; see telemetry.ts. */
let runMessage: TraceCarrier['run'] = runWithTrace;

export function useMessageSpans(run: TraceCarrier['run']): void {
  runMessage = run;
}

export const traceCarrier: TraceCarrier = {
  current() {
    const trace = currentTrace();
    return trace && formatTraceparent(trace);
  },
  run: (traceparent, work) => runMessage(traceparent, work),
};
