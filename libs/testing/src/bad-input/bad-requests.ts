import type fc from 'fast-check';
import type { BadRequest } from './bad-request';
import { bodyCases } from './body-cases';
import { contentTypeCases } from './content-type-cases';
import { Context, type BadInputOptions } from './context';
import { fieldCases } from './field-cases';
import { headerCases } from './header-cases';
import { parameterCases } from './parameter-cases';
import { randomRequests } from './random-requests';
import { routeCases } from './route-cases';

export interface BadRequests {
  readonly fields: readonly BadRequest[];
  readonly bodies: readonly BadRequest[];
  readonly contentTypes: readonly BadRequest[];
  readonly parameters: readonly BadRequest[];
  readonly headers: readonly BadRequest[];
  readonly routes: readonly BadRequest[];
  /** Any mixture of good and bad, with what the document says should come of it. */
  readonly random: fc.Arbitrary<BadRequest>;
}

/**
 * Everything that can be wrong with a request, for every operation of an OpenAPI document, each with the answer it must
 * get. The document's schemas are the oracle: what they accept must not be refused as invalid, and the other way round.
 */
export function badRequests(options: BadInputOptions): BadRequests {
  const context = new Context(options);
  return {
    fields: fieldCases(context),
    bodies: bodyCases(context),
    contentTypes: contentTypeCases(context),
    parameters: parameterCases(context),
    headers: headerCases(context),
    routes: routeCases(context),
    random: randomRequests(context),
  };
}
