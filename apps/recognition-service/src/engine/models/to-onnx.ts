import type { Graph, GraphNode, Value } from './graph';
import { ProtobufWriter } from './protobuf-writer';

// Field numbers: onnx.proto3 of ONNX 1.16.
const IR_VERSION = 8;
const OPSET = 13;
const FLOAT = 1;
const INT64 = 7;

/** The network as an ONNX model. The batch may be any size. */
export function toOnnx(graph: Graph): Uint8Array {
  const model = new ProtobufWriter().integer(1, IR_VERSION).text(2, 'recognition-service');
  model.message(7, (body) => writeGraph(body, graph));
  return model.message(8, (opset) => opset.text(1, '').integer(2, OPSET)).finish();
}

function writeGraph(body: ProtobufWriter, graph: Graph): void {
  for (const node of graph.nodes) writeNode(body, node);
  body.text(2, graph.name);
  for (const [name, { shape, data }] of graph.weights) {
    writeTensor(body, name, FLOAT, shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  writeValue(body, 11, graph.input, graph.anySize);
  for (const output of graph.outputs) writeValue(body, 12, output, graph.anySize);
}

function writeNode(body: ProtobufWriter, node: GraphNode): void {
  const { op, inputs, output, attributes } = node;
  const list = (name: string): readonly number[] => attributes[name] ?? [];
  switch (op) {
    case 'Pad': {
      const pads = `${output}:pads`;
      writeIntegers(body, pads, [0, ...list('before'), 0, ...list('after')]);
      return emit(body, 'Pad', [...inputs, pads], output);
    }
    case 'Reshape': {
      const picture = list('rank')[0] === 3;
      if (picture) emit(body, 'Transpose', inputs, `${output}:nhwc`, { perm: [0, 2, 3, 1] });
      writeIntegers(body, `${output}:shape`, [0, ...list('shape')]);
      return emit(
        body,
        'Reshape',
        [picture ? `${output}:nhwc` : (inputs[0] ?? ''), `${output}:shape`],
        output,
      );
    }
    case 'Mean':
      return emit(body, 'ReduceMean', inputs, output, { axes: [2, 3], keepdims: 0 });
    case 'Conv':
      return emit(body, 'Conv', inputs, output, { ...attributes, group: list('group')[0] ?? 1 });
    case 'MaxPool':
    case 'AveragePool':
    case 'Relu':
    case 'PRelu':
    case 'Sigmoid':
    case 'Softmax':
    case 'Add':
    case 'Mul':
    case 'MatMul':
      return emit(body, op, inputs, output, attributes);
  }
}

function emit(
  body: ProtobufWriter,
  op: string,
  inputs: readonly string[],
  output: string,
  integers: Readonly<Record<string, number | readonly number[]>> = {},
): void {
  body.message(1, (node) => {
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, output).text(4, op);
    for (const [name, value] of Object.entries(integers)) {
      node.message(5, (attribute) => {
        attribute.text(1, name);
        if (typeof value === 'number') attribute.integer(3, value).integer(20, 2);
        else {
          for (const one of value) attribute.integer(8, one);
          attribute.integer(20, 7);
        }
      });
    }
  });
}

function writeIntegers(body: ProtobufWriter, name: string, values: readonly number[]): void {
  const data = BigInt64Array.from(values, BigInt);
  writeTensor(body, name, INT64, [values.length], new Uint8Array(data.buffer));
}

function writeTensor(
  body: ProtobufWriter,
  name: string,
  type: number,
  shape: readonly number[],
  raw: Uint8Array,
): void {
  body.message(5, (tensor) => {
    for (const length of shape) tensor.integer(1, length);
    tensor.integer(2, type).text(8, name).bytes(9, raw);
  });
}

function writeValue(body: ProtobufWriter, field: number, value: Value, anySize: boolean): void {
  body.message(field, (info) =>
    info.text(1, value.name).message(2, (type) =>
      type.message(1, (tensor) =>
        tensor.integer(1, FLOAT).message(2, (shape) => {
          shape.message(1, (batch) => batch.text(2, 'batch'));
          value.shape.forEach((length, axis) =>
            shape.message(1, (dimension) =>
              anySize && axis > 0 ? dimension.text(2, `${value.name}:${axis}`) : dimension.integer(1, length),
            ),
          );
        }),
      ),
    ),
  );
}
