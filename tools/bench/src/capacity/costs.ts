/**
 * What one unit of work costs, in microseconds of a core of the machine that the benches ran on (AMD EPYC). `measured` names the
 * scenario of tools/bench; what is assumed is said to be.
 */
export const COSTS = {
  /** A drive frame of a session, both sockets at one replica. Measured: drive. */
  frameHere: 74,
  /** A drive frame by hand, sealed and checked. Measured: manual-drive. */
  frameByHand: 111,
  /** A drive frame that goes between two replicas, both together. Measured: manual-drive over two. */
  frameBetween: 165,
  /** One POST of telemetry, answered. Measured: telemetry. */
  telemetry: 159,
  /** One robot's telemetry heard from another replica. Assumed: a sixth of taking it. */
  telemetryHeard: 30,
  /** One queue_update to one watcher, of a broadcast to a thousand. Measured: watchers. */
  watcherUpdate: 23,
  /** A request passed on by the gateway. Assumed from `gateway`: it adds 0.2 ms. */
  gatewayRequest: 200,
  /** A transaction of the queue: the service's half of a core's millisecond. Measured: queue (1,818/s on two cores, all in). */
  queueService: 500,
  /** The same in PostgreSQL. */
  queueDatabase: 600,
  /** A teach sample taken from JetStream and written in a batch. Measured: 20–26k rows/s on a core. */
  teachSample: 45,
  /** A message between kiosk and phone of 2 KiB: verified and passed on. Assumed. */
  pairMessage: 80,
} as const;

/** Cameras that two cores recognise at one picture a second with five faces each. Measured: design notes of recognition. */
export const CAMERAS_PER_TWO_CORES = 7;

/** Messages a second that one NATS server delivers with room to spare. Assumed, from what NATS itself publishes for small messages. */
export const NATS_DELIVERIES = 500_000;

/**
 * Share of its core that a replica with sockets may use before frames wait: see `simulate-lane.ts`. The autoscaler's target of
 * robot-gateway is the same.
 */
export const BUSY = 0.55;
