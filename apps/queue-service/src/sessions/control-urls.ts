import type { QueueConfig } from '../config';

export interface ControlUrl {
  readonly url: string;
  /** Ours: reached through robot-gateway. Otherwise the robot's own server. */
  readonly relay: boolean;
}

/** Where a robot is driven: its own server when `TELE_OP_CONTROL_URL_ARM_<robotId>` names one, else our session relay. */
export class ControlUrls {
  readonly #relay: string;

  constructor(
    private readonly config: Pick<QueueConfig, 'SESSION_RELAY_URL' | 'GATEWAY_PUBLIC_URL' | 'controlUrls'>,
  ) {
    const origin = config.SESSION_RELAY_URL || config.GATEWAY_PUBLIC_URL.replace(/^http/, 'ws');
    this.#relay = origin.replace(/\/+$/, '');
  }

  /** Undefined: neither is configured. */
  for(robotId: string, controlToken: string): ControlUrl | undefined {
    const own = this.config.controlUrls.get(robotId);
    if (own !== undefined) return { url: own, relay: false };
    if (this.#relay === '') return undefined;
    const query = new URLSearchParams({ robotId, token: controlToken });
    return { url: `${this.#relay}/ws/drive/session?${query.toString()}`, relay: true };
  }
}
