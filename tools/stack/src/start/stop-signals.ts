const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `stop` at the first stop signal and resolves after it. npm passes a Ctrl-C on to its child, so the same one may come
 * twice within moments; a later one is a person who does not want to wait.
 */
export function onStopSignal(
  stop: (signal: string) => Promise<void>,
  impatientAfterMs = 1_000,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let firstAt: number | null = null;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (firstAt === null) {
          firstAt = performance.now();
          stop(signal).then(resolve, reject);
        } else if (performance.now() - firstAt > impatientAfterMs) {
          process.exit(130); // the services die with us; the servers are adopted by the next start
        }
      });
    }
  });
}
