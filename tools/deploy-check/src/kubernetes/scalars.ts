import type { Json } from './object';

type Check = (value: Json) => boolean;

const QUANTITY = /^[+-]?(\d+|\d+\.\d*|\.\d+)(([KMGTPE]i)|[numkMGTPE]|[eE][+-]?\d+)?$/;

const CHECKS: Record<string, Check> = {
  string: (value) => typeof value === 'string',
  // Every number of the API's that a chart may set is a whole one.
  number: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object',
  any: () => true,
  IntOrString: (value) => Number.isInteger(value) || typeof value === 'string',
  Date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

/** Undefined for a type that is no scalar. */
export const scalarCheck = (type: string): Check | undefined => CHECKS[type];

export const isQuantity = (value: Json): boolean =>
  (typeof value === 'string' && QUANTITY.test(value)) || (Number.isInteger(value) && Number(value) >= 0);

/** Fields whose text is a quantity: the client's models say `string`. */
export const holdsQuantities = (path: string): boolean =>
  /\.(limits|requests|averageValue|sizeLimit)$/.test(path) || /\.(storage|walStorage)\.size$/.test(path);
