export { startInfra } from './start-infra';
export { createDatabase, dropDatabase } from './database';
export { codeOf, InfraError, messageOf } from './errors';
export { requireNode } from './checks/node-version';
export { freePort, isPortFree, requireFreePort } from './net/ports';
export { whoListensOn } from './net/port-owner';
export { identify, isRunning, type ProcessIdentity } from './process/process-identity';
export { endProcess } from './process/end-process';
export { waitUntil } from './process/wait-until';
export { tryAcquire, withLock } from './files/lock';
export { stopLeftInfra } from './stop-left-infra';
export { BinaryCache, cacheRoot, workspaceRoot } from './binaries/cache';
export { fetchPackage, type PinnedPackage } from './binaries/from-npm-pack';
export { findFfmpeg, type Ffmpeg } from './binaries/ffmpeg-binary';
export { freeMegabytes, requireFreeSpace } from './checks/disk-space';
export { writeFileAtomically } from './files/write-file-atomically';
export {
  SERVER_NAMES,
  type Infra,
  type InfraOptions,
  type InfraServer,
  type ServerName,
  type StopOptions,
} from './types';
