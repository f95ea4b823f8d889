import type { Fault } from '../fault';
import { availabilityFaults } from './availability';
import { networkFaults } from './network';
import { podLifecycleFaults } from './pod-lifecycle';
import { podSecurityFaults } from './pod-security';
import { referenceFaults } from './references';
import type { Release } from './release';

/** What is asked of a release beyond being understood by Kubernetes. */
export const ruleFaults = (release: Release): Fault[] => [
  ...podSecurityFaults(release),
  ...podLifecycleFaults(release),
  ...availabilityFaults(release),
  ...referenceFaults(release),
  ...networkFaults(release),
];
