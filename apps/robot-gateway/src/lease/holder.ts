/** Who may command a robot. Drive lock, queue session, teach lock and preemption are one lease, so at most one of them holds it. */
export const HOLDER_KINDS = ['none', 'session', 'drive_lock', 'teach', 'preemption'] as const;
export type HolderKind = (typeof HOLDER_KINDS)[number];
export type TakerKind = Exclude<HolderKind, 'none'>;

/**
 * The table of allowed transitions: from whom a kind may take the lease. Whoever takes it, the epoch grows; a lease
 * whose time is over is free for all. Within a kind, the use case decides (the same user renews, an Admin revokes).
 */
export const MAY_TAKE_FROM: Readonly<Record<TakerKind, readonly HolderKind[]>> = {
  session: ['none', 'session'],
  drive_lock: ['none', 'drive_lock'],
  teach: ['none', 'teach'],
  preemption: ['none', 'session', 'drive_lock', 'teach', 'preemption'],
};

export function mayTake(taker: TakerKind, from: HolderKind): boolean {
  return MAY_TAKE_FROM[taker].includes(from);
}
