import type { Frame } from '../engine';
import type { Network, Tensor } from '../networks/network';
import { detectorFromFile } from './file-detector';

/* Answers as YuNet's and SCRFD's are laid out, with one face in a cell of stride 16. */

const OPTIONS = { minFace: 12, minScore: 0.5, maxFaces: 10 };
const frame: Frame = { width: 128, height: 64, rgb: new Uint8Array(128 * 64 * 3) };
const CELL = 2 * 8 + 3; // row 2, column 3 of 4 × 8

function network(outputs: readonly string[], answer: (name: string, cells: number) => Float32Array): Network {
  return {
    outputs,
    run: ({ shape }) => {
      expect(shape).toEqual([1, 3, 64, 128]);
      return Promise.resolve(
        outputs.map((name, i): Tensor => {
          const stride = [8, 16, 32][i % 3] ?? 8;
          return { shape: [1], data: answer(name, (128 / stride) * (64 / stride)) };
        }),
      );
    },
    close: () => Promise.resolve(),
  };
}

describe('a detector from a file', () => {
  it('is YuNet by its outputs: score of two, middle and logarithm of the size, points in strides', async () => {
    const names = ['cls', 'obj', 'bbox', 'kps'].flatMap((kind) =>
      [8, 16, 32].map((stride) => `${kind}_${stride}`),
    );
    const detector = detectorFromFile(
      network(names, (name, cells) => {
        const [kind, stride] = name.split('_');
        const width = kind === 'bbox' ? 4 : kind === 'kps' ? 10 : 1;
        const data = new Float32Array(cells * width);
        if (stride !== '16') return data;
        if (kind === 'cls') data[CELL] = 0.64;
        if (kind === 'obj') data[CELL] = 1;
        if (kind === 'bbox') data.set([0.5, 0.25, Math.log(2), Math.log(3)], CELL * 4);
        // Subject's right eye first: left in the picture.
        if (kind === 'kps') data.set([-0.5, 0, 0.5, 0, 0, 0.5, -0.25, 1, 0.25, 1], CELL * 10);
        return data;
      }),
      'yunet.onnx',
      OPTIONS,
    );
    const [face, ...others] = await detector.detect(frame);
    expect(others).toEqual([]);
    expect(face?.score).toBeCloseTo(0.8);
    expect(face?.box.x).toBeCloseTo(3.5 * 16 - 16);
    expect(face?.box.y).toBeCloseTo(2.25 * 16 - 24);
    expect(face?.box.width).toBeCloseTo(32);
    expect(face?.box.height).toBeCloseTo(48);
    expect(face?.landmarks).toEqual([
      [40, 32],
      [56, 32],
      [48, 40],
      [48, 48],
    ]);
  });

  it('is SCRFD by its nine outputs: distances to four sides, two boxes a cell', async () => {
    const names = ['s8', 's16', 's32', 'b8', 'b16', 'b32', 'k8', 'k16', 'k32'];
    const detector = detectorFromFile(
      network(names, (name, cells) => {
        const width = { s: 1, b: 4, k: 10 }[name[0] ?? ''] ?? 1;
        const data = new Float32Array(cells * 2 * width);
        if (name === 's16') data[CELL * 2 + 1] = 0.9;
        if (name === 'b16') data.set([1, 0.5, 1, 1.5], (CELL * 2 + 1) * 4);
        if (name === 'k16') data.set([-0.5, 0, 0.5, 0, 0, 0.5, -0.25, 1, 0.25, 1], (CELL * 2 + 1) * 10);
        return data;
      }),
      'scrfd.onnx',
      OPTIONS,
    );
    const [face] = await detector.detect(frame);
    expect(face?.box).toEqual({ x: 32, y: 24, width: 32, height: 32 });
    expect(face?.landmarks.at(-1)).toEqual([48, 48]);
  });

  it('that is neither is refused with what it answers', () => {
    const other = network(['boxes', 'scores'], () => new Float32Array(1));
    expect(() => detectorFromFile(other, 'x.onnx', OPTIONS)).toThrow(
      'x.onnx is neither YuNet nor SCRFD with points (its outputs: boxes, scores)',
    );
  });
});
