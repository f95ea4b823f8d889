import http from 'node:http';
import https from 'node:https';
import type { Upstream } from '../proxy/upstreams';

/** Rejects when the service does not say within `timeoutMs` that it is ready; the error's `code` says why. */
export function probe(upstream: Upstream, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const { host, port, prefix, secure } = upstream;
    // Not from the pool: a check must not wait behind the traffic that it judges.
    const req = (secure ? https : http).get(
      { host, port, path: `${prefix}/readyz`, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (res) => {
        res.resume();
        if (res.statusCode === 200) resolve();
        else reject(Object.assign(new Error('not ready'), { code: 'NOT_READY' }));
      },
    );
    req.once('error', (error) =>
      reject(
        error.name === 'AbortError' ? Object.assign(new Error('no answer'), { code: 'TIMED_OUT' }) : error,
      ),
    );
  });
}
