import { Injectable } from '@nestjs/common';
import { robotStatuses } from '@teleop/contracts';
import { Requests } from '@teleop/messaging';

/** Where robots say they are: where they stand, else the node they passed last. */
@Injectable()
export class Whereabouts {
  constructor(private readonly requests: Requests) {}

  /** Undefined: it does not say. */
  async of(robotId: string): Promise<string | undefined> {
    const { statuses } = await this.requests.ask(robotStatuses, { robotIds: [robotId] });
    const { currentPosition, position, lastNode } = statuses[0]?.status ?? {};
    return [currentPosition, position, lastNode].find(
      (node): node is string => typeof node === 'string' && node !== '' && node !== 'UNKNOWN',
    );
  }
}
