import type { Graph, Value, Weights } from './graph';
import { GraphBuilder } from './graph-builder';
import { foldScale, toFilters } from './layout';
import type { TfWeights } from './tf-weights';

type TfMap = ReadonlyMap<string, TfWeights>;

// face-api keeps weights only; how its networks are built is written in its sources, and here once more.

/** dlib's ResNet-34 for faces: 150 × 150, RGB less its mean, over 255. Scale layers are folded into the convolutions. */
export function dlibResNet(weights: TfMap): Graph {
  const net = new GraphBuilder({ name: 'input', shape: [3, 150, 150] });
  const conv = (x: Value, name: string, stride: 1 | 2): Value => {
    const { filters, bias } = foldScale(
      toFilters(need(weights, `${name}/conv/filters`)),
      need(weights, `${name}/conv/bias`).data,
      need(weights, `${name}/scale/weights`).data,
      need(weights, `${name}/scale/biases`).data,
    );
    return net.conv(x, filters, bias, { stride: [stride, stride], padding: stride === 2 ? 'valid' : 'same' });
  };
  const residual = (x: Value, name: string): Value =>
    net.relu(net.add(conv(net.relu(conv(x, `${name}/conv1`, 1)), `${name}/conv2`, 1), x));
  const down = (x: Value, name: string): Value => {
    const out = conv(net.relu(conv(x, `${name}/conv1`, 2)), `${name}/conv2`, 1);
    const pooled = net.pool('AveragePool', x, [2, 2], { stride: [2, 2], padding: 'valid' });
    const [channels = 0, height = 0, width = 0] = out.shape.map((length, axis) =>
      Math.max(length, pooled.shape[axis] ?? 0),
    );
    const grown = (value: Value): Value => {
      const missing = [channels, height, width].map((length, axis) => length - (value.shape[axis] ?? 0));
      return missing.every((length) => length === 0) ? value : net.pad(value, [0, 0, 0], missing);
    };
    return net.relu(net.add(grown(out), grown(pooled)));
  };

  let x = net.relu(conv(net.input, 'conv32_down', 2));
  x = net.pool('MaxPool', x, [3, 3], { stride: [2, 2], padding: 'valid' });
  for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) x = residual(x, name);
  x = down(x, 'conv64_down');
  for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) x = residual(x, name);
  x = down(x, 'conv128_down');
  for (const name of ['conv128_1', 'conv128_2']) x = residual(x, name);
  x = down(x, 'conv256_down');
  for (const name of ['conv256_1', 'conv256_2']) x = residual(x, name);
  x = down(x, 'conv256_down_out');
  return net.build('dlib-resnet34', [net.matMul(net.mean(x), need(weights, 'fc'))]);
}

/** 68 points of a face: 112 × 112, RGB less its mean, over 255; x and y in turn, 0–1 of the crop. */
export function landmarks68(weights: TfMap): Graph {
  const net = new GraphBuilder({ name: 'input', shape: [3, 112, 112] });
  const plain = (x: Value, name: string): Value =>
    net.conv(x, toFilters(need(weights, `${name}/filters`)), need(weights, `${name}/bias`), {
      stride: [2, 2],
      padding: 'same',
    });
  const block = (x: Value, name: string, first: boolean): Value => {
    const conv = (value: Value, index: number, stride: 1 | 2): Value =>
      separable(net, weights, value, `${name}/conv${index}`, stride);
    const one = net.relu(first ? plain(x, `${name}/conv0`) : conv(x, 0, 2));
    const two = conv(one, 1, 1);
    const three = conv(net.relu(net.add(one, two)), 2, 1);
    const sum = net.add(one, net.add(two, three));
    const four = conv(net.relu(sum), 3, 1);
    return net.relu(net.add(sum, four));
  };
  let x = block(net.input, 'dense0', true);
  for (const name of ['dense1', 'dense2', 'dense3']) x = block(x, name, false);
  x = net.pool('AveragePool', x, [7, 7], { stride: [2, 2], padding: 'valid' });
  const points = net.matMul(net.reshape(x, [-1]), need(weights, 'fc/weights'));
  return net.build('landmarks68', [net.perChannel('Add', points, need(weights, 'fc/bias'))]);
}

/**
 * The tiny YOLO face detector: any multiple of 32, RGB less its mean, over 255. Output: 25 channels a cell of 32 pixels (five
 * boxes of x, y, width, height, score).
 */
export function tinyFaceDetector(weights: TfMap, [height, width]: readonly [number, number]): Graph {
  const net = new GraphBuilder({ name: 'input', shape: [3, height, width] });
  const leaky = (x: Value): Value => net.leakyRelu(x, 0.1);
  const bias = (name: string): Weights => need(weights, `${name}/bias`);
  let x = leaky(
    net.conv(net.input, toFilters(need(weights, 'conv0/filters')), bias('conv0'), { padding: 'valid' }),
  );
  for (let layer = 1; layer <= 5; layer++) {
    x = net.pool('MaxPool', x, [2, 2], { stride: [2, 2], padding: 'same' });
    x = leaky(separable(net, weights, x, `conv${layer}`, 1));
  }
  x = net.pool('MaxPool', x, [2, 2], { stride: [1, 1], padding: 'same' });
  const cells = net.conv(x, toFilters(need(weights, 'conv8/filters')), bias('conv8'), { padding: 'valid' });
  return net.build('tiny-face-detector', [cells]);
}

function separable(net: GraphBuilder, weights: TfMap, x: Value, name: string, stride: 1 | 2): Value {
  const depthwise = toFilters(need(weights, `${name}/depthwise_filter`), true);
  const pointwise = toFilters(need(weights, `${name}/pointwise_filter`));
  const groups = depthwise.shape[0] ?? 1;
  const spread = net.conv(x, depthwise, null, { stride: [stride, stride], padding: 'same', groups });
  return net.conv(spread, pointwise, need(weights, `${name}/bias`), { padding: 'valid' });
}

function need(weights: TfMap, name: string): TfWeights {
  const found = weights.get(name);
  if (found === undefined) throw new Error(`the model has no weights "${name}"`);
  return found;
}
