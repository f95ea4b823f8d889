import type { Fault } from '@teleop/contracts';

export type ConnectCode =
  'VALIDATION_FAILED' | 'UNAUTHORIZED' | 'ROBOT_NOT_FOUND' | 'SERVICE_UNAVAILABLE' | 'RATE_LIMITED';

/** Reaches the client as `connect_error`, with `data` as it is here. */
export class ConnectRefused extends Error {
  override readonly name = 'ConnectRefused';
  readonly data: { readonly code: ConnectCode; readonly detail: string; readonly errors?: readonly Fault[] };

  constructor(code: ConnectCode, detail: string, errors?: readonly Fault[], cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.data = { code, detail, ...(errors && { errors }) };
  }
}
