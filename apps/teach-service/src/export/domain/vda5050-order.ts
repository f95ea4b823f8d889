import type { TaskStep } from '@teleop/contracts';
import type { Leg } from '../../plans/domain/legs';

/** VDA 5050, 6.6 (2.1.0): https://github.com/VDA5050/VDA5050. As much of an order as a mission fills. */
export interface Vda5050Order {
  readonly headerId: number;
  readonly timestamp: string;
  readonly version: string;
  readonly manufacturer: string;
  readonly serialNumber: string;
  readonly orderId: string;
  readonly orderUpdateId: number;
  readonly nodes: readonly OrderNode[];
  readonly edges: readonly OrderEdge[];
}

interface OrderNode {
  readonly nodeId: string;
  readonly sequenceId: number;
  readonly released: boolean;
  readonly nodePosition?: { readonly x: number; readonly y: number; readonly mapId: string };
  readonly actions: OrderAction[];
}

interface OrderEdge {
  readonly edgeId: string;
  readonly sequenceId: number;
  readonly released: boolean;
  readonly startNodeId: string;
  readonly endNodeId: string;
  readonly maxSpeed?: number;
  readonly actions: OrderAction[];
}

interface OrderAction {
  readonly actionId: string;
  readonly actionType: string;
  readonly blockingType: 'HARD';
  readonly actionParameters: readonly { readonly key: string; readonly value: string | number | boolean }[];
}

export interface OrderHeader {
  readonly timestamp: string;
  readonly manufacturer: string;
  readonly serialNumber: string;
  readonly orderId: string;
  /** Of positions whose step names none. */
  readonly mapId: string;
}

/** Nodes from one to another, both ends included, and the paths between; undefined: the map knows none. */
export type WayOf = (
  from: string,
  to: string,
) => { nodeIds: readonly string[]; pathIds: readonly string[] } | undefined;

export const VDA5050_VERSION = '2.1.0';
/** Where a robot stands of which nothing is known: an order begins at a node. */
const START = 'start';

/**
 * Drives become nodes and edges, everything else an action of the node it is done at, one at a time. `sequenceId` runs over
 * nodes (even) and edges (odd).
 */
export function vda5050Order(
  header: OrderHeader,
  legs: readonly Leg<TaskStep>[],
  wayOf: WayOf,
): Vda5050Order {
  const order = new OrderBuilder(header.mapId);
  const firstDrive = legs.find(({ step }) => step.type === 'moveToPoint');
  order.begin(firstDrive?.from ?? START);
  const actionIds = new Map<string, number>();
  for (const { step, from, to } of legs) {
    if (step.type !== 'moveToPoint') {
      const times = (actionIds.get(step.stepId) ?? 0) + 1;
      actionIds.set(step.stepId, times);
      // A mission that is referred to twice brings its steps twice, and every action must have its own id.
      order.act(actionOf(step, times === 1 ? step.stepId : `${step.stepId}-${times}`));
    } else if (to !== undefined) {
      order.drive(from === undefined ? undefined : wayOf(from, to), to, step.payload);
    } else {
      order.driveTo(step.payload);
    }
  }
  const { mapId: _, ...head } = header;
  return {
    headerId: 0,
    timestamp: head.timestamp,
    version: VDA5050_VERSION,
    manufacturer: head.manufacturer,
    serialNumber: head.serialNumber,
    orderId: head.orderId,
    orderUpdateId: 0,
    nodes: order.nodes,
    edges: order.edges,
  };
}

type Payload = TaskStep['payload'];

class OrderBuilder {
  readonly nodes: OrderNode[] = [];
  readonly edges: OrderEdge[] = [];

  constructor(private readonly mapId: string) {}

  begin(nodeId: string): void {
    this.nodes.push({ nodeId, sequenceId: 0, released: true, actions: [] });
  }

  act(action: OrderAction): void {
    this.nodes.at(-1)?.actions.push(action);
  }

  /** Along the map's nodes where it knows them, else straight to the destination. */
  drive(way: ReturnType<WayOf>, to: string, payload: Payload): void {
    const nodeIds = way?.nodeIds.slice(1) ?? [];
    if (nodeIds.length === 0 || way === undefined) {
      // Already there: what follows is done where it stands.
      if (this.#at !== to) this.#edge(`${this.#at}-${to}`, to, payload);
      return;
    }
    nodeIds.forEach((nodeId, index) =>
      this.#edge(way.pathIds[index] ?? `${this.#at}-${nodeId}`, nodeId, payload),
    );
  }

  driveTo(payload: Payload): void {
    const { x, y } = payload['destination'] as { x: number; y: number };
    const nodeId = `${x},${y}`;
    const { mapVersionId } = payload;
    const mapId = typeof mapVersionId === 'string' ? mapVersionId : this.mapId;
    this.#edge(`${this.#at}-${nodeId}`, nodeId, payload, { x, y, mapId });
  }

  get #at(): string {
    return this.nodes.at(-1)?.nodeId ?? START;
  }

  #edge(edgeId: string, to: string, { speed }: Payload, nodePosition?: OrderNode['nodePosition']): void {
    const sequenceId = 2 * this.edges.length + 1;
    this.edges.push({
      edgeId,
      sequenceId,
      released: true,
      startNodeId: this.#at,
      endNodeId: to,
      ...(typeof speed === 'number' && { maxSpeed: speed }),
      actions: [],
    });
    this.nodes.push({
      nodeId: to,
      sequenceId: sequenceId + 1,
      released: true,
      ...(nodePosition !== undefined && { nodePosition }),
      actions: [],
    });
  }
}

function actionOf({ type, payload, requiredTimeSeconds }: TaskStep, actionId: string): OrderAction {
  const actionParameters = Object.entries({ ...payload, requiredTimeSeconds }).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [{ key, value }]
      : [],
  );
  return { actionId, actionType: type, blockingType: 'HARD', actionParameters };
}
