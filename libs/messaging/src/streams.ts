import { STREAMS, type StreamName } from '@teleop/contracts';
import { DiscardPolicy, RetentionPolicy, StorageType, type JetStreamManager } from '@nats-io/jetstream';

const NS_PER_MS = 1_000_000;

/** Makes a declared stream, or brings one that is there in step with its declaration. Safe to call from every replica. */
export async function ensureStream(manager: JetStreamManager, name: StreamName, replicas = 1): Promise<void> {
  const stream = STREAMS[name];
  const settings = {
    subjects: [...stream.subjects],
    max_age: stream.maxAgeMs * NS_PER_MS,
    max_bytes: stream.maxBytes,
    duplicate_window: stream.dedupeWindowMs * NS_PER_MS,
    description: stream.description,
    discard: DiscardPolicy.Old,
  };
  const exists = await manager.streams.info(name).then(
    () => true,
    (error: Error) => {
      if (error.name === 'StreamNotFoundError') return false;
      throw error;
    },
  );
  if (exists) {
    await manager.streams.update(name, settings);
    return;
  }
  await manager.streams.add({
    name,
    ...settings,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: replicas,
  });
}
