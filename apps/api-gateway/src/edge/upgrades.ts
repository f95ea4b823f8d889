import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerOnSocket, ProblemError, runWithTrace, type WsRouter } from '@teleop/service-kit';
import type { Caller } from '../proxy/forward-headers';
import type { UpgradeProxy } from '../proxy/upgrade-proxy';
import type { RateLimits } from '../rate-limit/rate-limits';
import { pathOf, type PathTable } from '../routing/match-path';
import type { SocketRoute } from '../routing/route-table';

const PREFIX = '/ws/';

export interface UpgradeParts {
  readonly routes: PathTable<SocketRoute>;
  readonly proxy: UpgradeProxy;
  readonly limits: RateLimits;
  readonly readCaller: (req: IncomingMessage) => Caller;
}

/** Every handshake below /ws/ is ours; /socket.io has a listener of its own, and the kit's router refuses the rest. */
export function attachUpgrades(server: Server, router: WsRouter, parts: UpgradeParts): void {
  router.leaveTo(PREFIX);
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!req.url?.startsWith(PREFIX)) return;
    const { traceparent } = req.headers;
    void runWithTrace(typeof traceparent === 'string' ? traceparent : undefined, () =>
      admit(parts, req, socket, head).catch((error: unknown) => void socket.destroy(error as Error)),
    );
  });
}

async function admit(parts: UpgradeParts, req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const route = parts.routes.find(pathOf(req.url));
  if (route === undefined) {
    answerOnSocket(socket, req.url, new ProblemError(404, 'NOT_FOUND', 'There is no WebSocket here'));
    return;
  }
  const caller = parts.readCaller(req);
  const waitMs = await parts.limits.take('socket', caller.address);
  if (waitMs > 0) answerOnSocket(socket, req.url, parts.limits.refusal('socket', waitMs));
  else if (!socket.destroyed) parts.proxy.pass(route, req, socket, head, caller);
}
