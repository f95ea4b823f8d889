import { JOINTS } from './joints';

export interface Lease {
  readonly epoch: number;
  readonly seq: number;
}

export type Command =
  | { readonly kind: 'joint_velocity'; readonly joints: readonly number[] }
  | { readonly kind: 'joint_target'; readonly joints: readonly number[] }
  | { readonly kind: 'gripper'; readonly opening: number }
  | { readonly kind: 'home' }
  | { readonly kind: 'drive'; readonly linear: number; readonly angular: number }
  | { readonly kind: 'lock_request'; readonly token: string }
  | { readonly kind: 'lease'; readonly lease: Lease; readonly state: 'granted' | 'ended' };

export type Parsed =
  | { readonly ok: true; readonly command: Command; readonly lease: Lease | undefined }
  | {
      readonly ok: false;
      readonly code: 'BAD_JSON' | 'UNKNOWN_COMMAND' | 'BAD_COMMAND';
      readonly detail: string;
    };

type Fields = Record<string, unknown>;

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function joints(fields: Fields): number[] | undefined {
  const { joints: values } = fields;
  return Array.isArray(values) && values.length === JOINTS.length && values.every(isNumber)
    ? values
    : undefined;
}

function lease(value: unknown): Lease | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { epoch, seq } = value as Fields;
  return isNumber(epoch) && isNumber(seq) ? { epoch, seq } : undefined;
}

const bad = (detail: string): Parsed => ({ ok: false, code: 'BAD_COMMAND', detail });

function typed(fields: Fields): Command | string | undefined {
  const name = fields['type'] ?? fields['command'];
  switch (name) {
    case 'joint_velocity':
    case 'joint_target': {
      const values = joints(fields);
      if (values === undefined) return `joints must be ${JOINTS.length} finite numbers`;
      return { kind: name, joints: values };
    }
    case 'gripper':
      return isNumber(fields['opening'])
        ? { kind: 'gripper', opening: fields['opening'] }
        : 'opening must be a number from 0 to 1';
    case 'home':
      return { kind: 'home' };
    case 'DRIVE_COMMAND': {
      const { linear_velocity: linear, angular_velocity: angular } = fields;
      return isNumber(linear) && isNumber(angular)
        ? { kind: 'drive', linear, angular }
        : 'linear_velocity and angular_velocity must be finite numbers';
    }
    case 'lock_request':
      return typeof fields['token'] === 'string' && fields['token'] !== ''
        ? { kind: 'lock_request', token: fields['token'] }
        : 'token must be a string';
    case 'lease': {
      const held = lease(fields['lease']);
      const { state } = fields;
      return held !== undefined && (state === 'granted' || state === 'ended')
        ? { kind: 'lease', lease: held, state }
        : 'a lease needs epoch, seq and a state';
    }
    default:
      return undefined;
  }
}

/** Reads a text frame. Whatever is wrong with it is said, never thrown: the sender may be anybody. */
export function parseCommand(text: string): Parsed {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return { ok: false, code: 'BAD_JSON', detail: 'not JSON' };
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return bad('not an object');
  const command = typed(fields as Fields);
  if (command === undefined) return { ok: false, code: 'UNKNOWN_COMMAND', detail: 'no such command' };
  if (typeof command === 'string') return bad(command);
  return { ok: true, command, lease: lease((fields as Fields)['lease']) };
}
