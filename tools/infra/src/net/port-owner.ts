import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { allPids, commandLine } from '../process/process-table';

export interface PortOwner {
  pid: number;
  command: string;
}

const LISTEN = '0A';

/** Who listens on a TCP port, or null when it cannot be told (another user's process, no /proc). */
export function whoListensOn(port: number): PortOwner | null {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => listeningInodes(readOrEmpty(file), port)),
  );
  if (inodes.size === 0) return null;
  const pid = allPids().find((candidate) => socketInodes(candidate).some((inode) => inodes.has(inode)));
  if (pid === undefined) return null;
  return { pid, command: (commandLine(pid) ?? 'unknown').slice(0, 120) };
}

/** Rows of /proc/net/tcp: `sl local_address rem_address st ... inode`, addresses as `HEX:HEXPORT`. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === LISTEN)
    .flatMap((fields) => (fields[9] ? [fields[9]] : []));
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => socketInode(`/proc/${pid}/fd/${fd}`));
  } catch {
    return []; // another user's, or gone
  }
}

function socketInode(link: string): string[] {
  try {
    const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(link));
    return match?.[1] ? [match[1]] : [];
  } catch {
    return [];
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
