/** Nobody listens under that replica's name: its process is gone, or it has lost NATS. */
export class ReplicaAbsent extends Error {
  override readonly name = 'ReplicaAbsent';
  readonly operational = true;
}

/** No answer in time, or NATS is away: whether it acted is unknown. */
export class ReplicaSilent extends Error {
  override readonly name = 'ReplicaSilent';
  readonly operational = true;
}
