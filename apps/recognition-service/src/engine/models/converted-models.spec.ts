import path from 'node:path';
import { runSource } from '@teleop/testing';

interface Agreement {
  readonly onnx: number;
  readonly wasm: number;
}

describe('a converted model', () => {
  let report: Record<string, Agreement> & {
    'blazeface of another size': { shapes: string[]; wasm: number };
  };

  beforeAll(async () => {
    const { stdout, stderr } = await runSource(
      path.join(__dirname, 'compare-with-originals.spec-support.ts'),
    );
    const line = stdout.split('\n').find((one) => one.startsWith('{'));
    if (line === undefined) throw new Error(`nothing was compared: ${stderr}`);
    report = JSON.parse(line);
  });

  it.each(['blazeface', 'antispoof', 'liveness', 'dlib'])(
    '(%s) answers as the original does in tfjs, on ONNX Runtime and on Human’s WASM',
    (name) => {
      expect(report[name]?.onnx).toBeGreaterThan(0.999_999);
      expect(report[name]?.wasm).toBeGreaterThan(0.999_999);
    },
  );

  it('that finds faces takes pictures of any size in multiples of 32, and answers alike on both engines', () => {
    const { shapes, wasm } = report['blazeface of another size'];
    expect(shapes).toEqual(['1x2x6x10', '1x6x3x5', '1x32x6x10', '1x96x3x5']);
    expect(wasm).toBeGreaterThan(0.999_999);
  });
});
