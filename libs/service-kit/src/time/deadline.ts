/**
 * Aborts after so many milliseconds, and holds nobody up at the end of the process. Unlike AbortSignal.timeout() it also
 * does so inside AbortSignal.any(), which holds its parts weakly: Node 20 loses a timeout that is collected before its time.
 */
export function deadline(ms: number): AbortSignal {
  const controller = new AbortController();
  const late = () => controller.abort(new DOMException(`not done within ${ms} ms`, 'TimeoutError'));
  setTimeout(late, ms).unref();
  return controller.signal;
}
