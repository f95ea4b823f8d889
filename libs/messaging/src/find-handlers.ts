import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { EventDeclaration, RequestDeclaration } from '@teleop/contracts';
import type { AnswerHandler } from './answer-runner';
import type { ConsumerHandler } from './consumer-runner';
import { answerMetadata, consumerMetadata, type ConsumerMetadata } from './decorators';

export interface Handlers {
  readonly consumers: { metadata: ConsumerMetadata; handle: ConsumerHandler }[];
  readonly answers: { request: RequestDeclaration; handle: AnswerHandler }[];
}

interface Declared {
  readonly consumes: readonly EventDeclaration[];
  readonly answers: readonly RequestDeclaration[];
}

/** Collects the decorated methods of all providers, and refuses a service whose declarations and handlers differ. */
export function findHandlers(
  discovery: DiscoveryService,
  scanner: MetadataScanner,
  declared: Declared,
): Handlers {
  const found: Handlers = { consumers: [], answers: [] };
  for (const { instance } of discovery.getProviders()) {
    if (typeof instance !== 'object' || instance === null) continue;
    const target = instance as Record<string, unknown>;
    const prototype = Object.getPrototypeOf(target) as object | null;
    if (prototype === null) continue;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const method = target[name];
      if (typeof method !== 'function') continue;
      const metadata = consumerMetadata(method);
      if (metadata !== undefined)
        found.consumers.push({ metadata, handle: method.bind(target) as ConsumerHandler });
      const request = answerMetadata(method);
      if (request !== undefined)
        found.answers.push({ request, handle: method.bind(target) as AnswerHandler });
    }
  }
  const faults = [
    ...mismatches(
      'consumer of',
      declared.consumes,
      found.consumers.map(({ metadata }) => metadata.event),
    ),
    ...mismatches(
      'answer to',
      declared.answers,
      found.answers.map(({ request }) => request),
    ),
  ];
  if (faults.length > 0) throw new Error(`messaging: ${faults.join('; ')}`);
  return found;
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
