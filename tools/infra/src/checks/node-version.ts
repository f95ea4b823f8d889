import { atLeast, format, parseVersion } from '../binaries/version';
import { InfraError } from '../errors';

const NODE_MINIMUM = [20, 19] as const;

export function requireNode(version: string = process.versions.node): void {
  const parsed = parseVersion(version);
  if (parsed && atLeast(parsed, NODE_MINIMUM)) return;
  throw new InfraError(
    `Node ${format(NODE_MINIMUM)} or newer is needed; this is ${version}. Install it from nodejs.org or with nvm.`,
  );
}
