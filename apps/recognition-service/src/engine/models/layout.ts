import type { Weights } from './graph';
import type { TfWeights } from './tf-weights';

/** [height, width, in, out] to [out, in, height, width]; a depthwise filter [height, width, channels, 1] to [channels, 1, height, width]. */
export function toFilters({ shape, data }: TfWeights, depthwise = false): Weights {
  const [height = 0, width = 0, third = 0, fourth = 0] = shape;
  const [out, inner] = depthwise ? [third * fourth, 1] : [fourth, third];
  const moved = new Float32Array(data.length);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < inner; i++) {
      for (let p = 0; p < height * width; p++) {
        const from = depthwise ? p * out + o : (p * inner + i) * out + o;
        moved[(o * inner + i) * height * width + p] = data[from] ?? 0;
      }
    }
  }
  return { shape: [out, inner, height, width], data: moved };
}

/** Filters and bias followed by `x · scale + shift` a channel, as one convolution. */
export function foldScale(
  filters: Weights,
  bias: ArrayLike<number> | null,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
): { readonly filters: Weights; readonly bias: Weights } {
  const out = filters.shape[0] ?? 0;
  const each = filters.data.length / out;
  const data = Float32Array.from(filters.data, (value, i) => value * (scale[Math.floor(i / each)] ?? 1));
  const shifted = Float32Array.from(
    { length: out },
    (_, channel) => (bias?.[channel] ?? 0) * (scale[channel] ?? 1) + (shift[channel] ?? 0),
  );
  return { filters: { shape: filters.shape, data }, bias: { shape: [out], data: shifted } };
}
