import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Class } from '@teleop/contracts';
import { documentationOf, type Documentation, type SecurityScheme } from './documented';

// Values of Nest's RouteParamtypes and of its metadata keys; neither is exported from an entry point we may import.
const BODY = 3;
const QUERY = 4;
const PARAM = 5;
const ROUTE_ARGS = '__routeArguments__';
const GUARDS = '__guards__';

type Constructor = new (...args: never[]) => object;

export interface Handler {
  readonly body: Class<object> | undefined;
  readonly query: Class<object> | undefined;
  /** The class of all path parameters together. */
  readonly params: Class<object> | undefined;
  readonly documentation: Documentation;
  readonly security: readonly SecurityScheme[];
}

const KNOWN_GUARDS: Record<string, SecurityScheme> = { JwtGuard: 'bearer', InternalTokenGuard: 'internal' };
const UNTYPED: ReadonlySet<unknown> = new Set([Object, String, Number, Boolean, Array]);

export function operationId(controller: string, method: string): string {
  return `${controller}_${method}`;
}

function argumentClass(controller: Constructor, method: string, kind: number): Class<object> | undefined {
  const args = (Reflect.getMetadata(ROUTE_ARGS, controller, method) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  const types = (Reflect.getMetadata('design:paramtypes', controller.prototype as object, method) ??
    []) as unknown[];
  const whole = Object.entries(args).find(
    ([key, arg]) => key.startsWith(`${kind}:`) && arg.data === undefined,
  );
  const type = whole && types[whole[1].index];
  return typeof type === 'function' && !UNTYPED.has(type) ? (type as Class<object>) : undefined;
}

function securityOf(
  controller: Constructor,
  handler: object,
  documentation: Documentation,
): readonly SecurityScheme[] {
  if (documentation.security !== undefined) return documentation.security;
  const guards = [
    Reflect.getMetadata(GUARDS, controller),
    Reflect.getMetadata(GUARDS, handler),
  ].flat() as unknown[];
  return guards.flatMap((guard) => {
    if (typeof guard !== 'function') return [];
    return (
      documentationOf(guard).security ??
      (KNOWN_GUARDS[guard.name] === undefined ? [] : [KNOWN_GUARDS[guard.name] as SecurityScheme])
    );
  });
}

/** Every controller method of the app by operation id. */
export function handlersOf(app: INestApplication): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const controller = metatype as unknown as Constructor;
      const prototype = controller.prototype as Record<string, unknown>;
      for (const method of Object.getOwnPropertyNames(prototype)) {
        const handler = prototype[method];
        if (typeof handler !== 'function' || method === 'constructor') continue;
        const documentation = { ...documentationOf(controller), ...documentationOf(handler) };
        handlers.set(operationId(controller.name, method), {
          body: argumentClass(controller, method, BODY),
          query: argumentClass(controller, method, QUERY),
          params: argumentClass(controller, method, PARAM),
          documentation,
          security: securityOf(controller, handler, documentation),
        });
      }
    }
  }
  return handlers;
}
