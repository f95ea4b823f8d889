import { HTTP_ROUTES } from '../routing/route-table';
import { PathTable } from '../routing/match-path';
import { mergeOpenApi, type Json, type ServiceDocument } from './merge-openapi';

const table = new PathTable(HTTP_ROUTES);
const owner = (path: string) => table.find(path)?.to;

const get = (ref: string, operationId = 'read') => ({
  get: {
    operationId,
    security: [{ key: [] }],
    responses: { 200: { content: { 'application/json': { schema: { $ref: ref } } } } },
  },
});
const doc = (paths: Json, schemas: Json, securitySchemes: Json = {}): Json => ({
  openapi: '3.1.0',
  info: { title: 'x' },
  paths,
  components: { schemas, securitySchemes },
});

const queue: ServiceDocument = {
  service: 'queue-service',
  document: doc(
    {
      '/queue/{robotId}': get('#/components/schemas/Answer'),
      '/internal': get('#/components/schemas/Answer'),
    },
    { Answer: { type: 'object' }, Problem: { type: 'string' } },
    { key: { type: 'http', scheme: 'bearer' } },
  ),
};
const robots: ServiceDocument = {
  service: 'robot-gateway',
  document: doc(
    { '/status': get('#/components/schemas/Answer'), '/queue/{robotId}': get('#/components/schemas/Answer') },
    {
      Answer: { $ref: '#/components/schemas/Inner' },
      Inner: { type: 'integer' },
      Problem: { type: 'string' },
    },
    { key: { type: 'apiKey', in: 'header', name: 'x-api-key' } },
  ),
};
const at = (value: unknown, ...path: string[]) =>
  path.reduce((part, key) => (part as Json)[key], value) as never;

describe('the merged OpenAPI document', () => {
  const merged = mergeOpenApi([queue, robots], owner, ['vision-service']);

  it('holds the paths that the gateway passes to their service, and no other', () => {
    expect(Object.keys(merged['paths'] as Json)).toEqual(['/queue/{robotId}', '/status']);
    expect(at(merged, 'paths', '/queue/{robotId}', 'get', 'tags')).toEqual(['queue-service']);
  });

  it('keeps schemas of one name and unlike content apart, and references follow', () => {
    const schema = at(
      merged,
      'paths',
      '/status',
      'get',
      'responses',
      '200',
      'content',
      'application/json',
      'schema',
    );
    expect(schema).toEqual({ $ref: '#/components/schemas/robot-gateway.Answer' });
    expect(at(merged, 'components', 'schemas', 'Answer')).toEqual({ type: 'object' });
    expect(at(merged, 'components', 'schemas', 'robot-gateway.Answer')).toEqual({
      $ref: '#/components/schemas/Inner',
    });
  });

  it('shares a schema that both services mean alike', () => {
    expect(Object.keys(at(merged, 'components', 'schemas'))).toEqual([
      'Answer',
      'Problem',
      'robot-gateway.Answer',
      'Inner',
    ]);
  });

  it('renames security schemes where they are required, too', () => {
    expect(at(merged, 'paths', '/status', 'get', 'security')).toEqual([{ 'robot-gateway.key': [] }]);
    expect(at(merged, 'paths', '/queue/{robotId}', 'get', 'security')).toEqual([{ key: [] }]);
  });

  it('makes operation ids unique', () => {
    expect(at(merged, 'paths', '/status', 'get', 'operationId')).toBe('robot-gateway.read');
  });

  it('names the services that are away', () => {
    expect(merged['x-unavailable-services']).toEqual(['vision-service']);
  });
});
