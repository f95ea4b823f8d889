import { seal, unsealedDrive } from '../commands/domain/robot-command';

/** What the gateway itself says to a robot. Every command of it names the lease it is given under. */
export function stopFrame(epoch: number, seq: number): string {
  return seal(unsealedDrive(0, 0, epoch), seq);
}

/** Tells a robot that understands leases who may command it from now on. */
export function leaseFrame(epoch: number, state: 'granted' | 'ended'): string {
  return JSON.stringify({ type: 'lease', lease: { epoch, seq: 0 }, state });
}
