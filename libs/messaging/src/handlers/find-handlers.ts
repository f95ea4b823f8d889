import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { EventDeclaration, RequestDeclaration } from '@teleop/contracts';
import type { ConsumerHandler } from '../consumers/consumer-deps';
import type { AnswerHandler } from '../requests/answer-runner';
import { answerMetadata, consumerMetadata, type ConsumerMetadata } from './decorators';

export interface Handlers {
  readonly consumers: { metadata: ConsumerMetadata; handle: ConsumerHandler }[];
  readonly answers: { request: RequestDeclaration; handle: AnswerHandler }[];
}

interface Declared {
  readonly consumes: readonly EventDeclaration[];
  readonly answers: readonly RequestDeclaration[];
}

/** Becomes part of a durable consumer's name and of a subject. */
const CONSUMER_NAME = /^[a-z0-9-]{1,64}$/;

/** Collects the decorated methods of all providers, and refuses a service whose declarations and handlers differ. */
export function findHandlers(
  discovery: DiscoveryService,
  scanner: MetadataScanner,
  declared: Declared,
): Handlers {
  const found: Handlers = { consumers: [], answers: [] };
  // An aliased provider is the same instance twice.
  const instances = new Set(discovery.getProviders().map(({ instance }) => instance as unknown));
  for (const instance of instances) {
    if (typeof instance !== 'object' || instance === null) continue;
    collect(instance as Record<string, unknown>, scanner, found);
  }
  const events = found.consumers.map(({ metadata }) => metadata.event);
  const requests = found.answers.map(({ request }) => request);
  const faults = [
    ...mismatches('consumer of', declared.consumes, events),
    ...mismatches('answer to', declared.answers, requests),
    ...badNames(found.consumers.map(({ metadata }) => metadata.name)),
  ];
  if (faults.length > 0) throw new Error(`messaging: ${faults.join('; ')}`);
  return found;
}

function collect(target: Record<string, unknown>, scanner: MetadataScanner, found: Handlers): void {
  const prototype = Object.getPrototypeOf(target) as object | null;
  if (prototype === null) return;
  for (const name of scanner.getAllMethodNames(prototype)) {
    const method = target[name];
    if (typeof method !== 'function') continue;
    const metadata = consumerMetadata(method);
    if (metadata !== undefined)
      found.consumers.push({ metadata, handle: method.bind(target) as ConsumerHandler });
    const request = answerMetadata(method);
    if (request !== undefined) found.answers.push({ request, handle: method.bind(target) as AnswerHandler });
  }
}

function mismatches(
  role: string,
  declared: readonly { name: string }[],
  handled: readonly { name: string }[],
): string[] {
  const count = (name: string) => handled.filter((handler) => handler.name === name).length;
  return [
    ...declared.filter(({ name }) => count(name) === 0).map(({ name }) => `no ${role} "${name}"`),
    ...declared.filter(({ name }) => count(name) > 1).map(({ name }) => `more than one ${role} "${name}"`),
    ...handled
      .filter((handler) => !declared.includes(handler))
      .map(({ name }) => `undeclared ${role} "${name}"`),
  ];
}

// Two consumers of one name would share a durable, and take each other's messages and inbox rows.
function badNames(names: readonly string[]): string[] {
  return [
    ...new Set(
      names
        .filter((name, index) => names.indexOf(name) !== index)
        .map((name) => `two consumers are named "${name}"`),
    ),
    ...names
      .filter((name) => !CONSUMER_NAME.test(name))
      .map((name) => `a consumer cannot be named "${name}"`),
  ];
}
