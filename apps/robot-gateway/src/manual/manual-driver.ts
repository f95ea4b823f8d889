import type { Role } from '@teleop/auth';
import { unsealedDrive } from '../commands/domain/robot-command';
import { isHeld, lockOf, type LeaseState } from '../lease/lease-state';
import { manualFrame } from '../relay/frame-path';
import { ManualSeat } from '../relay/manual-seat';
import type { Relay } from '../relay/relay';
import { isManualKind } from '../relay/seat';
import { clamped } from './domain/manual-command';

export interface Driver {
  readonly userId: string;
  readonly name: string;
  readonly role: Role;
}

export interface ManualDriverPorts {
  readonly relay: () => Relay;
  readonly leaseOf: () => LeaseState | undefined;
  /** m/s and rad/s */
  readonly limits: () => { readonly linear: number; readonly angular: number };
  /** Take the lease; false when he may not. Their outcome is in `leaseOf` when they resolve. */
  readonly reclaim: () => Promise<boolean>;
  readonly preempt: () => Promise<boolean>;
  readonly goOn: () => Promise<boolean>;
  readonly failed: (error: unknown) => void;
  readonly preemptionMs: number;
}

type Waiting =
  | { readonly at: number; readonly linear: number; readonly angular: number; readonly command?: undefined }
  | { readonly at: number; readonly command: (epoch: number | undefined) => void };

/**
 * One person who drives one robot by hand through this replica, by however many sockets. Each frame asks: does he hold
 * the robot? If he does not yet but may, the lease is taken, and the newest frame goes out when it is his, unless that
 * takes so long that it would be a late one.
 */
export class ManualDriver {
  sockets = 0;
  #seat: ManualSeat | undefined;
  #taking = false;
  #renewing = false;
  /** What goes out when the lease is his, in the order he sent it; of frames only the newest. */
  #waiting: Waiting[] = [];

  constructor(
    readonly driver: Driver,
    private readonly ports: ManualDriverPorts,
  ) {}

  /** m/s and rad/s, as he asked; clamped to what the robot may. */
  drive(linear: number, angular: number): void {
    const seat = this.seat();
    if (seat !== undefined) this.send(seat, linear, angular);
    else if (this.mayTake()) {
      this.#waiting = this.#waiting.filter(({ command }) => command !== undefined);
      this.#waiting.push({ linear, angular, at: this.ports.relay().ports.now() });
      this.take();
    } else this.ports.relay().ports.counters.dropped.not_holder += 1;
  }

  /**
   * Another command of his goes out under the epoch it is given: at once wherever that can be, so that frames keep the
   * order in which he sent them. Undefined: he may not.
   */
  order(command: (epoch: number | undefined) => void): void {
    const seat = this.seat();
    if (seat !== undefined) command(seat.epoch);
    else if (this.mayTake()) {
      this.#waiting.push({ command, at: this.ports.relay().ports.now() });
      this.take();
    } else command(undefined);
  }

  /** Stops the robot if it is he who moves it, and gives up the seat when his last socket is gone. */
  socketClosed(drove: boolean): void {
    const seat = this.#seat;
    if (seat === undefined || this.ports.relay().seat !== seat) return;
    if (this.sockets === 0) this.ports.relay().leave(seat);
    else if (drove) manualFrame(this.ports.relay(), seat, unsealedDrive(0, 0, seat.epoch));
  }

  /** His seat, if the lease is his now. Sits down when it has just become so. */
  private seat(): ManualSeat | undefined {
    const relay = this.ports.relay();
    const { now } = relay.ports;
    const lease = this.ports.leaseOf();
    const { userId, role } = this.driver;
    // The same person may have been somebody else when he took it.
    if (role === 'Viewer' || !isHeld(lease, now()) || !isManualKind(lease.kind) || lease.userId !== userId)
      return undefined;
    if (this.#seat?.epoch !== lease.epoch || relay.seat !== this.#seat) {
      const seat = new ManualSeat(lease.epoch, lease.kind, userId, now());
      if (!relay.sit(seat)) return undefined;
      this.#seat = seat;
    }
    if (lease.kind === 'preemption') this.stayAsLongAsHeDrives(lease.deadline - now());
    return this.#seat;
  }

  private mayTake(): boolean {
    if (this.driver.role !== 'Operator') return this.driver.role === 'Admin';
    const now = this.ports.relay().ports.now();
    const lease = this.ports.leaseOf();
    return lockOf(lease, now)?.userId === this.driver.userId && !isHeld(lease, now);
  }

  private take(): void {
    if (this.#taking) return;
    this.#taking = true;
    const now = this.ports.relay().ports.now();
    const lease = this.ports.leaseOf();
    const his = lockOf(lease, now)?.userId === this.driver.userId;
    const asked = his && !isHeld(lease, now) ? this.ports.reclaim() : this.ports.preempt();
    asked.catch(this.ports.failed).finally(() => {
      this.#taking = false;
      this.sendWaiting();
    });
  }

  private sendWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const { now, limits, counters } = this.ports.relay().ports;
    for (const entry of waiting) {
      // Nobody is there any more, or the database took its time: a late movement is worse than none.
      const late = this.sockets === 0 || now() - entry.at > limits.maxLateMs;
      const seat = late ? undefined : this.seat();
      if (entry.command !== undefined) entry.command(seat?.epoch);
      else if (seat !== undefined) this.send(seat, entry.linear, entry.angular);
      else counters.dropped[late ? 'late' : 'not_holder'] += 1;
    }
  }

  private send(seat: ManualSeat, linear: number, angular: number): void {
    const limits = this.ports.limits();
    const frame = unsealedDrive(clamped(linear, limits.linear), clamped(angular, limits.angular), seat.epoch);
    manualFrame(this.ports.relay(), seat, frame);
  }

  private stayAsLongAsHeDrives(remainingMs: number): void {
    if (this.#renewing || remainingMs > this.ports.preemptionMs / 2) return;
    this.#renewing = true;
    this.ports
      .goOn()
      .catch(this.ports.failed)
      .finally(() => (this.#renewing = false));
  }
}
