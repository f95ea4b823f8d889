import type { Graph, Value } from './graph';
import { GraphBuilder } from './graph-builder';
import { foldScale, toFilters } from './layout';
import type { TfWeights } from './tf-weights';

type TfMap = ReadonlyMap<string, TfWeights>;

/**
 * dlib's ResNet-34 for faces: 150 × 150, RGB less its mean, over 255. face-api ships its weights only; how the layers follow each
 * other is in its sources, and here once more. Scale layers are folded into the convolutions.
 */
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

function need(weights: TfMap, name: string): TfWeights {
  const found = weights.get(name);
  if (found === undefined) throw new Error(`the model has no weights "${name}"`);
  return found;
}
