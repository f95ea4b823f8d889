import { refused, type BadRequest } from './bad-request';
import type { Context } from './context';

const OTHER_TYPES = [
  'text/plain',
  'text/json',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'application/octet-stream',
  'application/jsonp',
  'application/json5',
  'application/json/../xml',
  'application/x-ndjson',
  'json',
  'nonsense',
  '*/*',
  ';charset=utf-8',
  `application/${'x'.repeat(4_096)}`,
];

/** Good bodies that do not say, or say wrongly, what they are. */
export function contentTypeCases(context: Context): BadRequest[] {
  return context.operations
    .filter((operation) => operation.body !== undefined)
    .flatMap((operation) => [
      {
        name: `${operation.name} without a content type`,
        operation,
        request: context.request(operation, { headers: [] }),
        expected: refused(415),
      },
      ...OTHER_TYPES.map((type) => ({
        name: `${operation.name} as ${type.slice(0, 60)}`,
        operation,
        request: context.request(operation, { headers: [['content-type', type]] }),
        expected: refused(415),
      })),
    ]);
}
