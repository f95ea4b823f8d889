import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';
import type { BenchQueue, OrderRound } from '../data/route-queues';
import { serve } from '../workers/serve';
import { timedOrders, type TimedOrders } from './timed-orders';

interface Problem extends BenchQueue {
  readonly keepFirst: boolean;
}
type Optimise = (problem: Problem) => { readonly order: readonly number[]; readonly emptySeconds: number };

/** robot-gateway's own code as it was built. */
function optimiser(): Optimise {
  const built = path.join(workspaceRoot(), 'apps/robot-gateway/dist/routes/domain/optimise-order.js');
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(built) as { optimiseOrder: Optimise }).optimiseOrder;
}

const optimise = optimiser();
serve({
  run: (round: OrderRound): TimedOrders =>
    timedOrders(round, (queue) => optimise({ ...queue, keepFirst: true }).emptySeconds),
});
