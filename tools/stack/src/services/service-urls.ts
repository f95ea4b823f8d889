import { SERVICES } from '../services';

/**
 * Under which variable each service is found by the others. One that does not exist yet has no URL: the gateway then answers 503
 * in its name, rather than call a port where another program may listen.
 */
export function serviceUrls(ports: ReadonlyMap<string, number>): Record<string, string> {
  return Object.fromEntries(
    SERVICES.flatMap(({ name, urlVariable }) => {
      const port = ports.get(name);
      return port === undefined ? [] : [[urlVariable, localUrl(port)]];
    }),
  );
}

export function localUrl(port: number, scheme: 'http' | 'ws' = 'http'): string {
  return `${scheme}://127.0.0.1:${port}`;
}
