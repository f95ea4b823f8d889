/** What the gateway itself says to a robot. Every command of it names the lease it is given under. */
export function stopFrame(epoch: number, seq: number): string {
  return JSON.stringify({
    command: 'DRIVE_COMMAND',
    linear_velocity: 0,
    angular_velocity: 0,
    lease: { epoch, seq },
  });
}

/** Tells a robot that understands leases who may command it from now on. */
export function leaseFrame(epoch: number, state: 'granted' | 'ended'): string {
  return JSON.stringify({ type: 'lease', lease: { epoch, seq: 0 }, state });
}
