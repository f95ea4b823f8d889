import type { Graph, GraphNode, Weights } from '../models/graph';
import type { Network, Tensor } from './network';
import type { TensorFlow, TfTensor } from './tensor-flow';

/** Runs a Graph operation by operation on tfjs. Pictures are channels last inside, as tfjs wants them. */
export class TfNetwork implements Network {
  readonly outputs: readonly string[];
  private readonly constants = new Map<string, TfTensor>();

  constructor(
    private readonly tf: TensorFlow,
    private readonly graph: Graph,
  ) {
    this.outputs = graph.outputs.map((output) => output.name);
    for (const node of graph.nodes) {
      for (const name of node.inputs) {
        const weights = graph.weights.get(name);
        if (weights !== undefined) this.constants.set(name, this.constant(node, weights));
      }
    }
  }

  async run({ shape, data }: Tensor): Promise<Tensor[]> {
    const { tf } = this;
    const results = tf.tidy(() => {
      const values = new Map(this.constants);
      values.set(this.graph.input.name, tf.transpose(tf.tensor(data, shape), [0, 2, 3, 1]));
      for (const node of this.graph.nodes) values.set(node.output, this.step(node, values));
      return this.outputs.map((name) => {
        const value = values.get(name);
        if (value === undefined) throw new Error(`${this.graph.name}: no value "${name}"`);
        return value.shape.length === 4 ? tf.transpose(value, [0, 3, 1, 2]) : value;
      });
    });
    try {
      return await Promise.all(
        results.map(async (value) => ({ shape: value.shape, data: await value.data() })),
      );
    } finally {
      for (const value of results) value.dispose();
    }
  }

  close(): Promise<void> {
    for (const value of this.constants.values()) value.dispose();
    this.constants.clear();
    return Promise.resolve();
  }

  private step(node: GraphNode, values: ReadonlyMap<string, TfTensor>): TfTensor {
    const { tf } = this;
    const { attributes } = node;
    const at = (input: number): TfTensor => {
      const value = values.get(node.inputs[input] ?? '');
      if (value === undefined) throw new Error(`${this.graph.name}: ${node.output} has no input ${input}`);
      return value;
    };
    const strides = attributes['strides'] ?? [1, 1];
    switch (node.op) {
      case 'Conv': {
        const x = this.padded(at(0), attributes['pads']);
        const depthwise = (attributes['group']?.[0] ?? 1) > 1;
        const y = depthwise
          ? tf.depthwiseConv2d(x, at(1), strides, 'valid')
          : tf.conv2d(x, at(1), strides, 'valid');
        return node.inputs.length > 2 ? tf.add(y, at(2)) : y;
      }
      case 'MaxPool':
      case 'AveragePool': {
        // Nothing that is shipped pads its pools; zeros would be wrong in both.
        if ((attributes['pads'] ?? []).some((pad) => pad !== 0))
          throw new Error('a pool with padding is not known');
        const kernel = attributes['kernel_shape'] ?? [1, 1];
        return node.op === 'MaxPool'
          ? tf.maxPool(at(0), kernel, strides, 'valid')
          : tf.avgPool(at(0), kernel, strides, 'valid');
      }
      case 'Pad': {
        const pair = (axis: number): [number, number] => [
          attributes['before']?.[axis] ?? 0,
          attributes['after']?.[axis] ?? 0,
        ];
        return tf.pad(at(0), [[0, 0], pair(1), pair(2), pair(0)]);
      }
      case 'Add':
        return tf.add(at(0), at(1));
      case 'Mul':
        return tf.mul(at(0), at(1));
      case 'MatMul':
        return tf.matMul(at(0), at(1));
      case 'Relu':
        return tf.relu(at(0));
      case 'PRelu':
        return tf.prelu(at(0), at(1));
      case 'Sigmoid':
        return tf.sigmoid(at(0));
      case 'Softmax':
        return tf.softmax(at(0));
      case 'Mean':
        return tf.mean(at(0), [1, 2]);
      case 'Reshape':
        return tf.reshape(at(0), [at(0).shape[0] ?? 1, ...(attributes['shape'] ?? [])]);
    }
  }

  private padded(x: TfTensor, pads: readonly number[] = []): TfTensor {
    const [top = 0, left = 0, bottom = 0, right = 0] = pads;
    if (top + left + bottom + right === 0) return x;
    return this.tf.pad(x, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
  }

  /** [out, in, height, width] as tfjs has it; what is one number a channel becomes a vector. */
  private constant(node: GraphNode, { shape, data }: Weights): TfTensor {
    const { tf } = this;
    const value = tf.tidy(() => {
      const tensor = tf.tensor(data, shape);
      if (shape.length === 4) {
        const depthwise = (node.attributes['group']?.[0] ?? 1) > 1;
        return tf.transpose(tensor, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
      }
      return shape.length === 3 ? tf.reshape(tensor, [shape[0] ?? 1]) : tensor;
    });
    return tf.keep(value);
  }
}
