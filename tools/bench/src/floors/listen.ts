import type http from 'node:http';
import type { AddressInfo } from 'node:net';

/** Resolves with the origin of a server on a free port. */
export function listen(server: http.Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}
