import { isRobotId } from '@teleop/contracts';

export interface Announce {
  readonly port: number;
  /** Undefined: the default robot. */
  readonly robotId: string | undefined;
}

/** The original is 33 bytes; more than this is not an announcement. */
const MAX_BYTES = 1_024;

/** `{ "type": "announce", "port": 8000, "robotId"? }`; undefined for anything else. */
export function parseAnnounce(datagram: Buffer): Announce | undefined {
  if (datagram.length > MAX_BYTES) return undefined;
  let message: unknown;
  try {
    message = JSON.parse(datagram.toString());
  } catch {
    // Anybody may broadcast on the port: what is not for us is counted, not logged.
    return undefined;
  }
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, port, robotId } = message as Record<string, unknown>;
  if (type !== 'announce' || !isPort(port)) return undefined;
  if (robotId === undefined || robotId === null) return { port, robotId: undefined };
  return isRobotId(robotId) ? { port, robotId } : undefined;
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535;
}

interface Claim {
  readonly auth: 'open' | 'required';
  readonly isDefault: boolean;
  /** Of the URL that is known, and of the announcement, as in a URL. */
  readonly known: string | undefined;
  readonly host: string;
}

/**
 * Whether an announcement may say where a robot is. It carries no key and its sender can be forged, so whoever reaches
 * the port could take a robot's place in `/nodes` and `/robot/check`, or have us call a third machine. The same address
 * may always name its port anew. Else: with `open`, the default robot is wherever it says (as in the original), another
 * one when it is nowhere yet; with `required`, the default robot when it is nowhere yet, another one registers with its key.
 */
export function mayAnnounce({ auth, isDefault, known, host }: Claim): boolean {
  if (known === host) return true;
  if (auth === 'required') return isDefault && known === undefined;
  return isDefault || known === undefined;
}
