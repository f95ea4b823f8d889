import type { Json } from './merge-openapi';

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
export const uuid: Json = { type: 'string', format: 'uuid' };
export const text: Json = { type: 'string' };
export const robotId: Json = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' };
export const object = (properties: Json, required = Object.keys(properties)): Json => ({
  type: 'object',
  properties,
  required,
});

/** Of a namespace's `connect_error`. */
export const connectError: Json = object(
  {
    code: {
      enum: ['VALIDATION_FAILED', 'UNAUTHORIZED', 'ROBOT_NOT_FOUND', 'SERVICE_UNAVAILABLE', 'RATE_LIMITED'],
    },
    detail: text,
    errors: { type: 'array', items: ref('FieldError') },
  },
  ['code', 'detail'],
);
