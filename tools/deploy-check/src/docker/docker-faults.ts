import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SERVICES as PORTS } from '@teleop/contracts';
import type { Fault } from '../fault';
import { ROOT } from '../places';
import { composeFaults } from './compose-faults';
import { dockerfileFaults } from './dockerfile-faults';

const SERVICES = Object.keys(PORTS);
const SIMULATORS = path.join(ROOT, 'tools', 'simulators');
const DOCKER = path.join(ROOT, 'docker');
export const readDocker = (file: string): string => readFileSync(path.join(DOCKER, file), 'utf8');

/** Everything that has an image. */
export const deployables = (): string[] => [
  ...SERVICES,
  ...readdirSync(SIMULATORS).filter((name) => existsSync(path.join(SIMULATORS, name, 'src', 'main.ts'))),
];

export const dockerFaults = (): Fault[] => [
  ...dockerfileFaults(readDocker('Dockerfile'), 'docker/Dockerfile', deployables()),
  ...composeFaults(readDocker('compose.yaml'), SERVICES),
];
