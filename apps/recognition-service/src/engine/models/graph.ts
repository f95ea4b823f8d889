/** Constant numbers of a network; filters are [out, in, height, width]. */
export interface Weights {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Op =
  | 'Conv'
  | 'Relu'
  | 'PRelu'
  | 'Sigmoid'
  | 'Softmax'
  | 'Add'
  | 'Mul'
  | 'MatMul'
  | 'MaxPool'
  | 'AveragePool'
  | 'Mean'
  | 'Pad'
  | 'Reshape';

export interface GraphNode {
  readonly op: Op;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, readonly number[]>>;
}

/** A value and its shape without the batch: [channels, height, width] or a vector. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A network as both engines run it: channels first, one batch dimension in front of every shape. */
export interface Graph {
  readonly name: string;
  readonly anySize: boolean;
  readonly input: Value;
  readonly outputs: readonly Value[];
  readonly nodes: readonly GraphNode[];
  readonly weights: ReadonlyMap<string, Weights>;
}
