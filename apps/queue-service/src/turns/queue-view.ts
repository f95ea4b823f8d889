import type { QueueUpdate, UserClass } from '@teleop/contracts';
import { maskEmailOrNull, maskValueOrNull } from '../users/mask';
import { estimateWaits } from './estimate-waits';
import type { SnapshotRow } from './turns.repository';

/** What every watcher sees of a queue: addresses masked, waits estimated. */
export function queueView(robotId: string, row: SnapshotRow, sessionSeconds: number): QueueUpdate {
  const usual = Math.min(row.average_seconds ?? sessionSeconds, sessionSeconds);
  const waits = estimateWaits(row.entries, row.is_available, usual);
  return {
    robotId,
    version: row.version,
    robotAvailable: row.is_available,
    queue: row.entries.map((entry, index) => ({
      user_id: entry.user_id,
      username: entry.username,
      email: maskEmailOrNull(entry.email),
      wallet_address: maskValueOrNull(entry.wallet_address),
      position: entry.position,
      status: entry.status,
      remaining_time: entry.remaining_seconds,
      member_class: entry.member_class as UserClass,
      fast_track: entry.fast_track,
      estimated_wait_s: waits[index] ?? null,
    })),
  };
}
