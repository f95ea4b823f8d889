import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  readonly metric: string;
  /** Names of labels that the selector asks for. */
  readonly labels: readonly string[];
}

export interface Expression {
  readonly selectors: readonly Selector[];
  /** Names of labels that results are grouped by; each must be one of a series selected below it. */
  readonly grouping: readonly string[];
}

export class PromQlError extends Error {
  override readonly name = 'PromQlError';
}

/** What a query asks of which metrics. Throws PromQlError when Prometheus would not understand it. */
export function readExpression(text: string): Expression {
  const selectors: { metric: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  let inGrouping = 0;
  parser.parse(text).iterate({
    enter: ({ name, from, to, type }) => {
      const piece = text.slice(from, to);
      if (type.isError)
        throw new PromQlError(`no PromQL near "${text.slice(Math.max(0, from - 20), to + 20)}"`);
      if (name === 'GroupingLabels') inGrouping += 1;
      else if (name === 'Identifier') selectors.push({ metric: piece, labels: [] });
      else if (name === 'LabelName' && inGrouping > 0) grouping.push(piece);
      else if (name === 'LabelName') selectors.at(-1)?.labels.push(piece);
    },
    leave: ({ name }) => {
      if (name === 'GroupingLabels') inGrouping -= 1;
    },
  });
  return { selectors, grouping };
}
