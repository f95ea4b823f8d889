import type { Class, JsonSchema } from '@teleop/contracts';

const DOCUMENTED = Symbol('teleop:documented');

export type SecurityScheme = 'bearer' | 'internal' | 'apiKey';

/** What the code of a handler cannot say about itself. Costs nothing at run time: @nestjs/swagger is not loaded for it. */
export interface Documentation {
  readonly summary?: string;
  readonly description?: string;
  /** The class of a good answer; `[Class]` for an array of them. */
  readonly answers?: Class<object> | readonly [Class<object>];
  /** The class of `@OptionalBody`. */
  readonly optionalBody?: Class<object>;
  /** Status of a good answer, when it is not the one Nest would send. */
  readonly status?: number;
  /** Codes of problems by status, e.g. `{ 403: ['NOT_ACTIVE'] }`. */
  readonly problems?: Readonly<Record<number, readonly string[]>>;
  /** Schema of a body that is a form (multipart/form-data), for which there is no class. */
  readonly form?: JsonSchema;
  /** Credentials; several are alternatives. Guards of @teleop/auth are recognised without it. */
  readonly security?: readonly SecurityScheme[];
  /** Request headers that matter, by name, with their meaning. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** For a handler, or for a controller (then the default of its handlers), or for a guard class (its `security`). */
export function Documented(documentation: Documentation): ClassDecorator & MethodDecorator {
  return (target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => {
    Reflect.defineMetadata(DOCUMENTED, documentation, (descriptor?.value as object | undefined) ?? target);
  };
}

export function documentationOf(target: object): Documentation {
  return (Reflect.getMetadata(DOCUMENTED, target) as Documentation | undefined) ?? {};
}
