import { Arm } from './arm';
import { parseCommand, type Command, type Lease } from './command';
import { BASE, ELBOW, JOINTS } from './joints';
import { LeaseLog } from './lease-log';
import { Lock } from './lock';

type MotionCommand = Exclude<Command, { kind: 'lease' | 'lock_request' }>;

export type StopCause = 'command' | 'deadman' | 'lease' | 'disconnected';

export interface Reaction {
  /** What to answer, if anything. */
  readonly answer?: object;
  readonly command?: Command;
  readonly stopped?: StopCause;
}

/** How the arm obeys: commands in, answers out. Knows nothing of sockets and is told what time it is. */
export class ArmBrain {
  readonly arm = new Arm();
  readonly lock = new Lock();
  readonly leases = new LeaseLog();
  #commandedAt = 0;

  constructor(private readonly deadmanMs: number) {}

  receive(text: string, now: number): Reaction {
    const parsed = parseCommand(text);
    if (!parsed.ok) return { answer: { type: 'error', code: parsed.code, detail: parsed.detail } };
    const { command, lease } = parsed;
    if (command.kind === 'lease') return this.leaseChanged(command, now);
    if (command.kind === 'lock_request') {
      return { command, answer: { type: this.lock.request(command.token) } };
    }
    return this.move(command, lease, now);
  }

  /** Lets time pass; stops the arm when nobody has commanded it for the deadman's time. */
  tick(now: number, seconds: number): StopCause | undefined {
    if (this.arm.moving && now - this.#commandedAt > this.deadmanMs) {
      this.halt();
      return 'deadman';
    }
    this.arm.step(seconds);
    return undefined;
  }

  /** The gateway is gone: nobody can command, so nothing may move. */
  disconnected(): void {
    this.halt();
  }

  report(robotId: string, t: number): object {
    return {
      type: 'state',
      robotId,
      t,
      joints: this.arm.joints.map(round),
      velocities: this.arm.velocities.map(round),
      gripper: round(this.arm.gripper),
      moving: this.arm.moving,
      lease: this.leases.current,
    };
  }

  private move(command: MotionCommand, lease: Lease | undefined, now: number): Reaction {
    if (command.kind === 'drive' && command.linear === 0 && command.angular === 0) {
      // A stop is obeyed whoever says it: being wrong here costs a pause, being right saves a hand.
      this.arm.stop();
      return { command, stopped: 'command' };
    }
    const refusal = this.leases.refusal(lease);
    if (refusal !== undefined) return { answer: { type: 'error', code: refusal } };
    this.#commandedAt = now;
    switch (command.kind) {
      case 'joint_velocity':
        this.arm.turn(command.joints);
        break;
      case 'joint_target':
        this.arm.moveTo(command.joints);
        break;
      case 'gripper':
        this.arm.openGripper(command.opening);
        break;
      case 'home':
        this.arm.home();
        break;
      case 'drive':
        this.arm.turn(driveVelocities(command.linear, command.angular));
        break;
    }
    return { command };
  }

  private leaseChanged(command: Command & { kind: 'lease' }, now: number): Reaction {
    if (!this.leases.record(command.lease, command.state, now) || command.state === 'granted')
      return { command };
    this.halt();
    return { command, stopped: 'lease' };
  }

  private halt(): void {
    this.arm.stop();
    this.lock.release();
  }
}

/** A joystick made for a table on wheels still does something sensible: sideways turns the base, forward bends the elbow. */
function driveVelocities(linear: number, angular: number): number[] {
  return JOINTS.map((_, index) => (index === BASE ? angular : index === ELBOW ? linear : 0));
}

function round(value: number): number {
  return Math.round(value * 1e5) / 1e5;
}
