import { randomUUID } from 'node:crypto';
import { trafficAcquire, trafficRelease, type AskTrafficAcquire } from '@teleop/contracts';
import { NatsConnection, Requests } from '@teleop/messaging';
import type { Gateway } from '../testing/gateway.spec-support';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const noTrace = { current: () => undefined, run: <T>(_: string | undefined, work: () => T): T => work() };

/** A service that asks robot-gateway over NATS, as teach-service does. */
export async function neighbourOf(gateway: Pick<Gateway, 'nats'>) {
  const connection = new NatsConnection({ natsUrl: gateway.nats.url, name: 'teach-service' }, quiet);
  await connection.connect();
  const ask = new Requests(connection, noTrace);
  return {
    ask,
    /** Locks nodes and paths for a robot; the lock's id. */
    lock: async (robotId: string, nodeIds: string[], more: Partial<AskTrafficAcquire> = {}) => {
      const lockId = randomUUID();
      const scope = { nodeIds, pathIds: [] };
      await ask.ask(trafficAcquire, { lockId, robotId, scope, ttlSeconds: 60, ...more });
      return lockId;
    },
    release: (lockId: string) => ask.ask(trafficRelease, { lockId }),
    close: () => connection.drain(),
  };
}

export type Neighbour = Awaited<ReturnType<typeof neighbourOf>>;
