import type { Graph, Value, Weights } from './graph';
import { GraphBuilder } from './graph-builder';
import { toFilters } from './layout';
import type { TfWeights } from './tf-weights';

interface TfAttribute {
  readonly s?: string;
  readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] };
  readonly shape?: { readonly dim?: readonly { readonly size: string }[] };
}

export interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, TfAttribute>>;
}

export interface ConvertOptions {
  readonly name: string;
  /** For networks that are convolutions from end to end: [height, width] of which any multiple is taken. */
  readonly anyMultipleOf?: readonly [number, number];
  /** Names of nodes, in the order wanted. */
  readonly outputs: readonly string[];
}

/** A tfjs graph model as a Graph. Throws on what it does not know rather than leaving it out. */
export function fromTfGraph(
  nodes: readonly TfNode[],
  weights: ReadonlyMap<string, TfWeights>,
  options: ConvertOptions,
): Graph {
  return new TfGraphReader(nodes, weights, options).read();
}

class TfGraphReader {
  private readonly byName: ReadonlyMap<string, TfNode>;
  private readonly values = new Map<string, Value>();
  private readonly builder: GraphBuilder;

  constructor(
    nodes: readonly TfNode[],
    private readonly weights: ReadonlyMap<string, TfWeights>,
    private readonly options: ConvertOptions,
  ) {
    this.byName = new Map(nodes.map((node) => [node.name, node]));
    const placeholder = nodes.find((node) => node.op === 'Placeholder');
    if (placeholder === undefined) throw new Error(`${options.name}: no input`);
    const [, height, width, channels = 3] = (placeholder.attr?.['shape']?.shape?.dim ?? []).map((d) =>
      Number(d.size),
    );
    const [h, w] = options.anyMultipleOf ?? [height ?? 0, width ?? 0];
    this.builder = new GraphBuilder({ name: 'input', shape: [channels, h, w] });
    this.values.set(placeholder.name, this.builder.input);
  }

  read(): Graph {
    const outputs = this.options.outputs.map((name) => this.value(name));
    return this.builder.build(this.options.name, outputs, this.options.anyMultipleOf !== undefined);
  }

  private value(name: string): Value {
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const node = this.byName.get(name);
    if (node === undefined) throw new Error(`${this.options.name}: no node "${name}"`);
    const made = this.convert(node);
    this.values.set(name, made);
    return made;
  }

  private convert(node: TfNode): Value {
    const x = (): Value => this.value(node.input?.[0] ?? '');
    switch (node.op) {
      case 'Identity':
        return x();
      case 'Conv2D':
      case '_FusedConv2D':
        return this.fused(
          node,
          this.builder.conv(x(), toFilters(this.constant(node, 1)), this.bias(node), window(node)),
        );
      case 'DepthwiseConv2dNative': {
        const filters = toFilters(this.constant(node, 1), true);
        return this.builder.conv(x(), filters, null, { ...window(node), groups: filters.shape[0] ?? 1 });
      }
      case '_FusedMatMul': {
        const product = this.builder.matMul(x(), this.constant(node, 1));
        return this.fused(node, this.builder.perChannel('Add', product, this.constant(node, 2)));
      }
      case 'Add':
      case 'AddV2':
      case 'Mul':
        return this.arithmetic(node);
      case 'MaxPool': {
        const [, height = 1, width = 1] = numbers(node, 'ksize');
        return this.builder.pool('MaxPool', x(), [height, width], window(node));
      }
      case 'Pad': {
        const pairs = this.constant(node, 1).data;
        // [batch, height, width, channels] × [before, after]
        const at = (axis: number, side: number): number => pairs[axis * 2 + side] ?? 0;
        return this.builder.pad(x(), [at(3, 0), at(1, 0), at(2, 0)], [at(3, 1), at(1, 1), at(2, 1)]);
      }
      case 'Reshape':
        return this.builder.reshape(x(), Array.from(this.constant(node, 1).data).slice(1));
      case 'Relu':
        return this.builder.relu(x());
      case 'Prelu':
        return this.builder.prelu(x(), this.constant(node, 1));
      case 'Sigmoid':
        return this.builder.sigmoid(x());
      case 'Softmax':
        return this.builder.softmax(x());
      default:
        throw new Error(`${this.options.name}: ${node.name} is a ${node.op}, which is not known`);
    }
  }

  private arithmetic(node: TfNode): Value {
    const op = node.op === 'Mul' ? 'Mul' : 'Add';
    const [left = '', right = ''] = node.input ?? [];
    if (this.weights.has(right)) return this.builder.perChannel(op, this.value(left), this.constant(node, 1));
    if (this.weights.has(left)) return this.builder.perChannel(op, this.value(right), this.constant(node, 0));
    if (op === 'Mul')
      throw new Error(`${this.options.name}: ${node.name} multiplies two values, which is not known`);
    return this.builder.add(this.value(left), this.value(right));
  }

  private fused(node: TfNode, x: Value): Value {
    const ops = (node.attr?.['fused_ops']?.list?.s ?? []).map((op) => Buffer.from(op, 'base64').toString());
    return ops.reduce((value, op) => {
      if (op === 'BiasAdd') return value;
      if (op === 'Relu') return this.builder.relu(value);
      if (op === 'Prelu') return this.builder.prelu(value, this.constant(node, 3));
      throw new Error(`${this.options.name}: ${node.name} is fused with ${op}, which is not known`);
    }, x);
  }

  private bias(node: TfNode): Weights | null {
    return node.op === '_FusedConv2D' ? this.constant(node, 2) : null;
  }

  private constant(node: TfNode, input: number): TfWeights {
    const name = node.input?.[input] ?? '';
    const found = this.weights.get(name);
    if (found === undefined) throw new Error(`${this.options.name}: ${node.name} has no weights "${name}"`);
    return found;
  }
}

function numbers(node: TfNode, attribute: string): number[] {
  return (node.attr?.[attribute]?.list?.i ?? []).map(Number);
}

function window(node: TfNode): { stride: [number, number]; padding: 'same' | 'valid' } {
  const [, height = 1, width = 1] = numbers(node, 'strides');
  const padding = Buffer.from(node.attr?.['padding']?.s ?? '', 'base64').toString();
  if (padding !== 'SAME' && padding !== 'VALID') throw new Error(`${node.name} is padded "${padding}"`);
  return { stride: [height, width], padding: padding === 'SAME' ? 'same' : 'valid' };
}
