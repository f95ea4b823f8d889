import type { Area, Tray } from './tray';

/** Sideways, the hand is above an area when it is further out than this (-1 .. 1). */
const INNER = 0.25;
/** Shoulder angle (rad) from which on the hand is above the table's far row. */
const FAR = 0.35;
const CLOSED = 0.35;
const OPEN = 0.6;

/** What the arm's joints do to the dolls: close the gripper above one to take it, open it above the other area. */
export class Hand {
  #closed = true;

  constructor(private readonly tray: Tray) {}

  areaAbove(joints: readonly number[]): Area | undefined {
    const sideways = Math.sin(joints[0] ?? 0);
    return sideways < -INNER ? 'left' : sideways > INNER ? 'right' : undefined;
  }

  rowAbove(joints: readonly number[]): number {
    return (joints[1] ?? 0) >= FAR ? Math.min(1, this.tray.cameras - 1) : 0;
  }

  /** Called as the arm moves; true when a doll was taken or let go. */
  follow(joints: readonly number[], gripper: number): boolean {
    const area = this.areaAbove(joints);
    if (!this.#closed && gripper < CLOSED) {
      this.#closed = true;
      return area !== undefined && this.tray.take(this.rowAbove(joints), area);
    }
    if (this.#closed && gripper > OPEN) {
      this.#closed = false;
      if (this.tray.held === undefined) return false;
      this.tray.drop(area);
      return true;
    }
    return false;
  }

  /** The turn is over: what is still in the gripper rolls back. */
  letGo(): void {
    this.tray.drop(undefined);
  }
}
