import { Inject } from '@nestjs/common';

/** The service's own frozen config. */
export const CONFIG = Symbol('CONFIG');

export function InjectConfig(): ParameterDecorator & PropertyDecorator {
  return Inject(CONFIG);
}
