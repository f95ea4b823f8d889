import { BUSY, CAMERAS_PER_TWO_CORES, COSTS, NATS_DELIVERIES } from './costs';
import { demandOf, type Demand } from './demand';

export interface Plan {
  readonly robots: number;
  /** Robots are divided into cells: each has its own replicas of robot-gateway and its own NATS, joined by leaf nodes. */
  readonly cells: number;
  readonly replicas: Readonly<Record<string, number>>;
  /** Cores that are busy, all services and PostgreSQL. */
  readonly cores: number;
  /** Messages a second that NATS delivers in one cell. */
  readonly natsPerCell: number;
  /** Share of a robot-gateway's work that is hearing of robots at other replicas. */
  readonly hearing: number;
  readonly databaseCores: number;
  readonly databaseWrites: number;
}

/** Every service has at least two replicas: one may be away. */
const LEAST = 2;
/** A replica that spends more than this on hearing of the others' robots wants a smaller cell. */
const HEARING_LIMIT = 0.25;

const MICRO = 1e-6;
const replicasFor = (cores: number): number => Math.max(LEAST, Math.ceil(cores / BUSY));

interface Cell {
  readonly replicas: number;
  readonly cores: number;
  readonly hearing: number;
  readonly nats: number;
}

/**
 * robot-gateway of one cell. Every replica hears the telemetry of all robots of its cell, so each replica that is added has
 * that work too: the number of replicas is found step by step, and is infinite when hearing alone fills a core.
 */
export function cellOf(demand: Demand): Cell {
  const perFrame = (replicas: number) => {
    // A driver's replica is any; his robot's another one with this chance.
    const apart = (replicas - 1) / replicas;
    return COSTS.frameHere * (1 - apart) + COSTS.frameBetween * apart;
  };
  for (let replicas = LEAST; replicas <= 10_000; replicas += 1) {
    const own = (demand.telemetry * COSTS.telemetry + demand.frames * perFrame(replicas)) * MICRO;
    const heard = demand.telemetry * (1 - 1 / replicas) * COSTS.telemetryHeard * MICRO;
    const each = own / replicas + heard;
    if (each <= BUSY) {
      const apart = (replicas - 1) / replicas;
      const nats = demand.telemetry * (replicas - 1) + demand.frames * apart;
      return { replicas, cores: each * replicas, hearing: heard / each, nats };
    }
    if (heard > BUSY) break;
  }
  return { replicas: Infinity, cores: Infinity, hearing: 1, nats: Infinity };
}

/** The fewest cells in which hearing stays bounded and NATS has room. */
function cellsFor(robots: number): { cells: number; cell: Cell } {
  for (let cells = 1; ; cells += 1) {
    const cell = cellOf(demandOf(robots / cells));
    if (cell.hearing <= HEARING_LIMIT && cell.nats <= NATS_DELIVERIES) return { cells, cell };
  }
}

export function planFor(robots: number): Plan {
  const demand = demandOf(robots);
  const { cells, cell } = cellsFor(robots);
  const cores = {
    'api-gateway':
      (demand.requests * COSTS.gatewayRequest +
        demand.watcherUpdates * COSTS.watcherUpdate +
        // Frames pass through it unread; spliced bytes cost about half of what a relay pays.
        demand.frames * (COSTS.frameHere / 2)) *
      MICRO,
    'queue-service': demand.queueTransactions * COSTS.queueService * MICRO,
    'robot-gateway': cell.cores * cells,
    'pairing-service': demand.pairMessages * COSTS.pairMessage * MICRO,
    'teach-service': demand.teachSamples * COSTS.teachSample * MICRO,
    'recognition-service': (demand.cameras / CAMERAS_PER_TWO_CORES) * 2,
  };
  const databaseWrites = demand.queueTransactions + demand.teachSamples + demand.telemetry / 5;
  const databaseCores =
    (demand.queueTransactions * COSTS.queueDatabase + (databaseWrites - demand.queueTransactions) * 40) *
    MICRO;
  return {
    robots,
    cells,
    replicas: {
      ...Object.fromEntries(Object.entries(cores).map(([name, busy]) => [name, replicasFor(busy)])),
      'robot-gateway': cell.replicas * cells,
      // Two cores each.
      'recognition-service': Math.max(LEAST, Math.ceil(demand.cameras / CAMERAS_PER_TWO_CORES)),
      // A call takes some seconds, 20 of them fit into a replica.
      'vision-service': Math.max(LEAST, Math.ceil((demand.evaluations * 10) / 20)),
    },
    cores: Object.values(cores).reduce((sum, busy) => sum + busy, databaseCores),
    natsPerCell: cell.nats,
    hearing: cell.hearing,
    databaseCores,
    databaseWrites,
  };
}
