import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, Logger } from '@teleop/service-kit';
import { PairingTokens } from '../pairing/pairing-tokens';
import { Presence } from '../presence/presence';
import { ReplicaAbsent } from '../replicas/replica-errors';
import { ReplicaLink } from '../replicas/replica-link';
import { DeviceRegistry } from './device-registry';

/** Takes a device out of use: its tokens end, and its socket is closed wherever it is. */
@Injectable()
export class RemoveDevice {
  constructor(
    private readonly devices: DeviceRegistry,
    private readonly tokens: PairingTokens,
    private readonly presence: Presence,
    private readonly link: ReplicaLink,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws 404 DEVICE_NOT_FOUND. */
  async remove(deviceId: string): Promise<void> {
    await this.devices.remove(deviceId);
    await this.tokens.revoke(deviceId);
    const at = await this.presence.deviceAt(deviceId);
    if (at === undefined) return;
    try {
      await this.link.ask(at.replica, { op: 'drop', connection: at.connection, why: 'removed' });
    } catch (error) {
      if (!(error instanceof ReplicaAbsent)) throw error;
      this.log.debug({ deviceId }, 'the replica of a removed device is gone, and its socket with it');
    }
  }
}
