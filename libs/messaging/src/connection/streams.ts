import { STREAMS, type StreamName } from '@teleop/contracts';
import {
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type JetStreamApiError,
  type JetStreamManager,
} from '@nats-io/jetstream';

const NS_PER_MS = 1_000_000;
const NAME_IN_USE = 10_058;

function settingsOf(name: StreamName) {
  const stream = STREAMS[name];
  return {
    subjects: [...stream.subjects],
    max_age: stream.maxAgeMs * NS_PER_MS,
    max_bytes: stream.maxBytes,
    duplicate_window: stream.dedupeWindowMs * NS_PER_MS,
    description: stream.description,
    discard: DiscardPolicy.Old,
  };
}

/**
 * Makes a declared stream, or brings one that is there in step with its declaration. Safe to call from every replica.
 * `replicas` counts when it is made; how many an existing one has is the operator's choice.
 */
export async function ensureStream(manager: JetStreamManager, name: StreamName, replicas = 1): Promise<void> {
  if (await exists(manager, name)) {
    await manager.streams.update(name, settingsOf(name));
    return;
  }
  try {
    await manager.streams.add({
      name,
      ...settingsOf(name),
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      num_replicas: replicas,
    });
  } catch (error) {
    // Another version of a service made it, with its own settings, between our look and now.
    if ((error as JetStreamApiError).code !== NAME_IN_USE) throw error;
    await manager.streams.update(name, settingsOf(name));
  }
}

async function exists(manager: JetStreamManager, name: StreamName): Promise<boolean> {
  try {
    await manager.streams.info(name);
    return true;
  } catch (error) {
    if ((error as Error).name === 'StreamNotFoundError') return false;
    throw error;
  }
}
