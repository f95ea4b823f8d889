import type { TaskStep } from '@teleop/contracts';

/** Drives behind these make no difference worth planning when a robot is chosen. */
const MOST = 20;

/** The node that a moveToPoint leads to; undefined when it leads to coordinates. */
export function destinationOf(payload: Readonly<Record<string, unknown>>): string | undefined {
  const { nodeId, pointId } = (payload['destination'] ?? {}) as { nodeId?: unknown; pointId?: unknown };
  const node = nodeId ?? pointId;
  return typeof node === 'string' ? node : undefined;
}

/** Nodes that the first of a task's drives lead to, in their order. */
export function tourOf(steps: readonly Pick<TaskStep, 'type' | 'payload'>[]): string[] {
  return steps
    .flatMap(({ type, payload }) => (type === 'moveToPoint' ? (destinationOf(payload) ?? []) : []))
    .slice(0, MOST);
}
