import type { Handler } from './handlers';
import { parametersOf, type Parameter } from './parameters';

class Robot {}
class Page {}

const schemas = {
  Robot: { type: 'object', properties: { robotId: { type: 'string' } } },
  Page: {
    type: 'object',
    properties: { limit: { type: 'integer' }, q: { type: 'string' } },
    required: ['q'],
  },
};

function handler(parts: Partial<Handler>): Handler {
  return { body: undefined, query: undefined, params: undefined, documentation: {}, security: [], ...parts };
}

const place = (found: Parameter[]) =>
  found.map(({ in: where, name, required }) => `${where} ${name}${required ? '!' : ''}`);

describe('the parameters of an operation', () => {
  it('declares the path parameters that a class takes together', () => {
    expect(place(parametersOf([], handler({ params: Robot }), schemas))).toEqual(['path robotId!']);
  });

  it('declares the query parameters of a class, required as the class says', () => {
    expect(place(parametersOf([], handler({ query: Page }), schemas))).toEqual(['query limit', 'query q!']);
  });

  it('requires path parameters taken one by one, but no query parameter, which no pipe enforces', () => {
    const found = [
      { name: 'id', in: 'path', required: true },
      { name: 'q', in: 'query', required: true },
    ];
    expect(place(parametersOf(found, handler({}), schemas))).toEqual(['path id!', 'query q']);
  });

  it('leaves credentials to `security` and names every other header once, not required', () => {
    const found = ['authorization', 'idempotency-key', 'x-hint'].map((name) => ({
      name,
      in: 'header',
      required: true,
    }));
    const documentation = { headers: { 'Idempotency-Key': 'repeats' } };
    expect(place(parametersOf(found, handler({ documentation }), schemas))).toEqual([
      'header Idempotency-Key',
      'header x-hint',
    ]);
  });
});
