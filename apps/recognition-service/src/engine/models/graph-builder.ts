import type { Graph, GraphNode, Op, Value, Weights } from './graph';

/** [height, width] */
type Pair = readonly [number, number];
/** [top, left, bottom, right] */
export type Pads = readonly [number, number, number, number];

export interface WindowOptions {
  readonly stride?: Pair;
  readonly padding: 'same' | 'valid' | Pads;
}

/** Writes a network down layer by layer and keeps count of shapes, so that padding is known and a mistake shows while converting. */
export class GraphBuilder {
  private readonly nodes: GraphNode[] = [];
  private readonly weights = new Map<string, Weights>();
  private names = 0;

  constructor(readonly input: Value) {}

  conv(
    x: Value,
    filters: Weights,
    bias: Weights | null,
    options: WindowOptions & { readonly groups?: number },
  ): Value {
    const [out = 0, , kh = 0, kw = 0] = filters.shape;
    const stride = options.stride ?? [1, 1];
    const pads = resolve(x, [kh, kw], stride, options.padding);
    const inputs = [x.name, this.constant(filters), ...(bias === null ? [] : [this.constant(bias)])];
    const attributes = { strides: stride, pads, kernel_shape: [kh, kw], group: [options.groups ?? 1] };
    return this.push('Conv', inputs, [out, ...slide(x, [kh, kw], stride, pads)], attributes);
  }

  pool(op: 'MaxPool' | 'AveragePool', x: Value, kernel: Pair, options: WindowOptions): Value {
    const stride = options.stride ?? [1, 1];
    const pads = resolve(x, kernel, stride, options.padding);
    const shape = [at(x, 0), ...slide(x, kernel, stride, pads)];
    return this.push(op, [x.name], shape, { strides: stride, pads, kernel_shape: kernel });
  }

  relu(x: Value): Value {
    return this.push('Relu', [x.name], x.shape);
  }

  /** One slope a channel. */
  prelu(x: Value, slopes: Weights): Value {
    const shape = [slopes.data.length, 1, 1];
    return this.push('PRelu', [x.name, this.constant({ shape, data: slopes.data })], x.shape);
  }

  sigmoid(x: Value): Value {
    return this.push('Sigmoid', [x.name], x.shape);
  }

  softmax(x: Value): Value {
    return this.push('Softmax', [x.name], x.shape);
  }

  add(a: Value, b: Value): Value {
    return this.push('Add', [a.name, b.name], a.shape);
  }

  /** Adds or multiplies one number a channel. */
  perChannel(op: 'Add' | 'Mul', x: Value, numbers: Weights): Value {
    const shape = x.shape.length === 3 ? [numbers.data.length, 1, 1] : [numbers.data.length];
    return this.push(op, [x.name, this.constant({ shape, data: numbers.data })], x.shape);
  }

  /** `before` and `after` in the order of the shape: channels, height, width. */
  pad(x: Value, before: readonly number[], after: readonly number[]): Value {
    const shape = x.shape.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0));
    return this.push('Pad', [x.name], shape, { before, after });
  }

  /** Over height and width. */
  mean(x: Value): Value {
    return this.push('Mean', [x.name], [at(x, 0)]);
  }

  matMul(x: Value, matrix: Weights): Value {
    return this.push('MatMul', [x.name, this.constant(matrix)], [matrix.shape[1] ?? 0]);
  }

  /** In the order height, width, channels, as TensorFlow keeps pictures; -1: what is left. */
  reshape(x: Value, shape: readonly number[]): Value {
    const size = product(x.shape);
    const known = product(shape.filter((length) => length !== -1));
    const whole = shape.map((length) => (length === -1 ? size / known : length));
    if (product(whole) !== size) throw new Error(`cannot reshape ${x.shape.join('×')} to ${shape.join('×')}`);
    return this.push('Reshape', [x.name], whole, { shape: whole, rank: [x.shape.length] });
  }

  /** `anySize`: the picture may have any height and width that are multiples of those of the input. */
  build(name: string, outputs: readonly Value[], anySize = false): Graph {
    return { name, anySize, input: this.input, outputs, nodes: this.nodes, weights: this.weights };
  }

  private constant(weights: Weights): string {
    if (product(weights.shape) !== weights.data.length) {
      throw new Error(`${weights.data.length} numbers do not make ${weights.shape.join('×')}`);
    }
    const name = `w${this.weights.size}`;
    this.weights.set(name, weights);
    return name;
  }

  private push(
    op: Op,
    inputs: string[],
    shape: readonly number[],
    attributes: GraphNode['attributes'] = {},
  ): Value {
    const output = `v${this.names++}`;
    this.nodes.push({ op, inputs, output, attributes });
    return { name: output, shape };
  }
}

function at(value: Value, axis: number): number {
  return value.shape[axis] ?? 0;
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((all, length) => all * length, 1);
}

/** TensorFlow's SAME: the odd pixel of padding is below and to the right. */
function resolve(x: Value, kernel: Pair, stride: Pair, padding: WindowOptions['padding']): Pads {
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding !== 'same') return padding;
  const [top, bottom] = same(at(x, 1), kernel[0], stride[0]);
  const [left, right] = same(at(x, 2), kernel[1], stride[1]);
  return [top, left, bottom, right];
}

function same(size: number, kernel: number, stride: number): Pair {
  const all = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return [Math.floor(all / 2), all - Math.floor(all / 2)];
}

function slide(x: Value, kernel: Pair, stride: Pair, pads: Pads): Pair {
  const height = at(x, 1) + pads[0] + pads[2] - kernel[0];
  const width = at(x, 2) + pads[1] + pads[3] - kernel[1];
  return [Math.floor(height / stride[0]) + 1, Math.floor(width / stride[1]) + 1];
}
