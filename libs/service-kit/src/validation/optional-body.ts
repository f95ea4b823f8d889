import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { validate, type Class } from '@teleop/contracts';
import { refuseBody } from './validation.pipe';

/**
 * Parameter decorator: a body of the given class that may be left out altogether, all of whose fields are optional. Say
 * `optionalBody` in `@Documented` too. For Fastify.
 */
export const OptionalBody = createParamDecorator((cls: Class<object>, context: ExecutionContext): object => {
  const { body } = context.switchToHttp().getRequest<{ body?: unknown }>();
  const result = validate(cls, body === undefined ? {} : body);
  return result.ok ? result.value : refuseBody(result.errors);
});
