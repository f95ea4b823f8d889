import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ShippedModel } from './catalog';
import { fromTfGraph, type TfNode } from './from-tf-graph';
import { GraphBuilder } from './graph-builder';
import { foldScale, toFilters } from './layout';
import { ModelCache } from './model-cache';
import { ProtobufWriter } from './protobuf-writer';
import { readTfWeights } from './tf-weights';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const placeholder: TfNode = {
  name: 'in',
  op: 'Placeholder',
  attr: { shape: { shape: { dim: ['1', '8', '8', '3'].map((size) => ({ size })) } } },
};
const weights = new Map([['w', { shape: [3, 3, 3, 2], data: new Float32Array(54) }]]);

describe('the converter', () => {
  it('refuses an operation that it does not know, by its name, rather than leaving it out', () => {
    const nodes = [placeholder, { name: 'odd', op: 'Einsum', input: ['in'] }];
    expect(() => fromTfGraph(nodes, weights, { name: 'm', outputs: ['odd'] })).toThrow(
      'm: odd is a Einsum, which is not known',
    );
  });

  it('refuses an activation that it does not know', () => {
    const attr = {
      strides: { list: { i: ['1', '1', '1', '1'] } },
      padding: { s: base64('SAME') },
      fused_ops: { list: { s: [base64('Gelu')] } },
    };
    const nodes = [placeholder, { name: 'conv', op: 'Conv2D', input: ['in', 'w'], attr }];
    expect(() => fromTfGraph(nodes, weights, { name: 'm', outputs: ['conv'] })).toThrow(
      'conv is fused with Gelu',
    );
  });

  it('says which weights are missing', () => {
    const nodes = [placeholder, { name: 'conv', op: 'Conv2D', input: ['in', 'gone'] }];
    expect(() => fromTfGraph(nodes, weights, { name: 'm', outputs: ['conv'] })).toThrow(
      'conv has no weights "gone"',
    );
  });

  it.each([
    [256, 5, 2, [1, 1, 2, 2], 128],
    [9, 3, 2, [1, 1, 1, 1], 5],
    [8, 3, 1, [1, 1, 1, 1], 8],
  ])(
    'pads %i pixels for a filter of %i in steps of %i as TensorFlow does',
    (side, kernel, step, pads, out) => {
      const net = new GraphBuilder({ name: 'x', shape: [1, side, side] });
      const filters = { shape: [1, 1, kernel, kernel], data: new Float32Array(kernel * kernel) };
      const y = net.conv(net.input, filters, null, { stride: [step, step], padding: 'same' });
      expect(y.shape).toEqual([1, out, out]);
      expect(net.build('n', [y]).nodes[0]?.attributes['pads']).toEqual(pads);
    },
  );

  it('notices weights and shapes that do not fit', () => {
    const net = new GraphBuilder({ name: 'x', shape: [2, 3, 3] });
    expect(() => net.prelu(net.input, { shape: [2], data: new Float32Array(2) })).not.toThrow();
    expect(() => net.matMul(net.input, { shape: [3, 3], data: new Float32Array(8) })).toThrow(
      '8 numbers do not make 3×3',
    );
    expect(() => net.reshape(net.input, [5])).toThrow('cannot reshape 2×3×3 to 5');
  });

  it('turns filters from channels last to channels first', () => {
    const data = Float32Array.from({ length: 2 * 1 * 3 * 2 }, (_, i) => i);
    // [height 2, width 1, in 3, out 2]: value = ((y · 3) + in) · 2 + out
    const { shape, data: moved } = toFilters({ shape: [2, 1, 3, 2], data });
    expect(shape).toEqual([2, 3, 2, 1]);
    expect([...moved]).toEqual([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]);
    expect([...toFilters({ shape: [2, 1, 6, 1], data }, true).data]).toEqual([
      0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11,
    ]);
  });

  it('folds a scale into filters and bias', () => {
    const { filters, bias } = foldScale(
      { shape: [2, 1, 1, 1], data: Float32Array.of(2, 3) },
      [1, 1],
      [10, 0.5],
      [5, 7],
    );
    expect([...filters.data]).toEqual([20, 1.5]);
    expect([...bias.data]).toEqual([15, 7.5]);
  });
});

describe('weights of the packages', () => {
  it('are read whatever way they are stored in', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'weights-'));
    const bytes = Buffer.alloc(4 + 6 + 2);
    bytes.writeFloatLE(1.5, 0);
    // 1, -2 and 2^-24 as halves.
    [0x3c00, 0xc000, 0x0001].forEach((half, i) => bytes.writeUInt16LE(half, 4 + 2 * i));
    bytes.writeUInt8(0, 10);
    bytes.writeUInt8(200, 11);
    writeFileSync(path.join(folder, 'w.bin'), bytes);
    const entries = [
      { name: 'float', shape: [1], dtype: 'float32' },
      { name: 'half', shape: [3], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'byte', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.01, min: -1 } },
    ];
    const read = (weights: typeof entries) =>
      readTfWeights(path.join(folder, 'w.json'), [{ paths: ['w.bin'], weights }]);
    const found = await read(entries);
    expect([...(found.get('float')?.data ?? [])]).toEqual([1.5]);
    expect([...(found.get('half')?.data ?? [])]).toEqual([1, -2, 2 ** -24]);
    expect([...(found.get('byte')?.data ?? [])].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([-1, 1]);
    await expect(read([...entries, { name: 'more', shape: [9], dtype: 'float32' }])).rejects.toThrow(
      'ends within more',
    );
  });
});

describe('protocol buffers', () => {
  it('are written as the specification’s examples are', () => {
    expect([...new ProtobufWriter().integer(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().text(2, 'testing').finish()]).toEqual([
      0x12,
      7,
      ...Buffer.from('testing'),
    ]);
    const inner = new ProtobufWriter().message(3, (message) => message.integer(1, 150)).finish();
    expect([...inner]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
    expect([...new ProtobufWriter().integer(1, -2).finish()]).toEqual([
      0x08,
      0xfe,
      ...Array(8).fill(0xff),
      0x01,
    ]);
  });
});

describe('the cache of converted models', () => {
  function setup() {
    const folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'models-')), 'deep', 'er');
    let read = 0;
    const net = new GraphBuilder({ name: 'x', shape: [3] });
    const graph = net.build('tiny', [net.relu(net.input)]);
    const model: ShippedModel = { name: 'tiny', version: '1', read: () => Promise.resolve((read++, graph)) };
    return { folder, cache: new ModelCache(folder), model, reads: () => read };
  }
  const opened = (onnx: Uint8Array) => Promise.resolve(onnx.length);

  it('converts once, and leaves whole files only', async () => {
    const { folder, cache, model, reads } = setup();
    const length = await cache.open(model, opened);
    expect(await cache.open(model, opened)).toBe(length);
    expect(reads()).toBe(1);
    expect(readdirSync(folder)).toEqual([path.basename(cache.fileOf(model))]);
  });

  it('makes a file anew that cannot be used', async () => {
    const { cache, model, reads } = setup();
    const length = await cache.open(model, opened);
    writeFileSync(cache.fileOf(model), 'half a fi');
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const strict = (onnx: Uint8Array) =>
      onnx.length === length ? opened(onnx) : Promise.reject(new Error('bad'));
    expect(await cache.open(model, strict)).toBe(length);
    expect(await cache.open(model, strict)).toBe(length);
    expect(reads()).toBe(2);
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });

  it('serves without a folder that can be written, and says so', async () => {
    const { model } = setup();
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue();
    // No folder can be made within a file.
    const cache = new ModelCache(path.join(__filename, 'models'));
    expect(await cache.open(model, opened)).toBeGreaterThan(0);
    expect(warned).toHaveBeenCalledWith(expect.stringContaining('are not kept in'));
    warned.mockRestore();
  });
});
