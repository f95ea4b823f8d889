import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { BytesPerTurn } from './bytes-per-turn';
import { decodeFrame, isFrame } from './decode-frame';
import { FrameText } from './frame-text';
import { imageKind } from './image-kind';
import { readViews } from './read-views';

const PNG = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  Buffer.alloc(40, 7),
]);
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(40, 9)]);
const WEBP = Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPVP8 '), Buffer.alloc(41, 3)]);
const GIF = Buffer.from('GIF89a and so on, long enough');
const b64 = (bytes: Buffer) => bytes.toString('base64');
const aFrame = (bytes: Buffer, kind: string) => ({
  kind,
  base64: Buffer.from(b64(bytes)),
  sizeBytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

describe('a frame', () => {
  it.each([
    ['JPEG', JPEG, 'image/jpeg'],
    ['PNG', PNG, 'image/png'],
    ['WebP', WEBP, 'image/webp'],
  ])('is known as %s by its first bytes, whatever its prefix says', (_, bytes, kind) => {
    for (const text of [b64(bytes), `data:image/png;base64,${b64(bytes)}`, `DATA:;base64,${b64(bytes)}`]) {
      expect(decodeFrame(Buffer.from(text))).toEqual(aFrame(bytes, kind));
    }
  });

  it('may be wrapped, unpadded, or in the alphabet for URLs', () => {
    const wrapped = b64(JPEG).replace(/.{16}/g, '$&\r\n');
    for (const text of [wrapped, b64(JPEG).replace(/=+$/, ''), JPEG.toString('base64url')]) {
      expect(decodeFrame(Buffer.from(text))).toEqual(aFrame(JPEG, 'image/jpeg'));
    }
  });

  it.each([
    ['an empty text', ''],
    ['an empty data URL', 'data:image/png;base64,'],
    ['a data URL that is not base64', `data:image/png,${b64(PNG)}`],
    ['another kind of picture', b64(GIF)],
    ['words', 'this is not an image'],
    ['a link', 'https://example.org/a.png'],
    ['a picture with something in it that is not base64', `${b64(PNG)}!`],
    ['a picture with a hole in its base64', `${b64(PNG).slice(0, 20)}*${b64(PNG).slice(21)}`],
    ['a picture that lacks a letter', b64(JPEG).replace(/=+$/, '').slice(0, 57)],
  ])('is not %s', (_, text) => {
    expect(isFrame(decodeFrame(Buffer.from(text)))).toBe(false);
  });

  it('comes out as it went in, and nothing else does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (tail) => {
        const bytes = Buffer.concat([PNG, tail]);
        expect(decodeFrame(Buffer.from(b64(bytes)))).toEqual(aFrame(bytes, 'image/png'));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => expect(isFrame(decodeFrame(Buffer.from(text)))).toBe(false)),
    );
  });

  it('is told by as many bytes as there are', () => {
    expect(imageKind(Buffer.from([0xff, 0xd8]))).toBeUndefined();
    expect(imageKind(Buffer.from('RIFF'))).toBeUndefined();
  });
});

describe('the views of a request', () => {
  const read = (views: Record<string, unknown>) => readViews(views, 4);
  const faults = async (views: Record<string, unknown>) => {
    const result = await read(views);
    return result.ok ? [] : result.faults.map(({ path }) => path);
  };

  it('may hold one frame or a list, of mixed formats; of a list the first five are used', async () => {
    const long = new FrameText(Buffer.from(b64(WEBP)));
    const result = await read({
      cam1: { start: b64(PNG), end: [b64(JPEG), long, b64(PNG), b64(PNG), b64(PNG), 'never looked at'] },
    });
    if (!result.ok) throw new Error('refused');
    const { start, end } = result.views.get('cam1')!;
    expect(start.map(({ kind }) => kind)).toEqual(['image/png']);
    expect(end.map(({ kind }) => kind)).toEqual([
      'image/jpeg',
      'image/webp',
      'image/png',
      'image/png',
      'image/png',
    ]);
  });

  it('are refused by camera and side', async () => {
    const good = { start: b64(PNG), end: b64(PNG) };
    expect(await faults({})).toEqual(['views']);
    expect(await faults({ cam1: good, cam2: { start: b64(PNG) } })).toEqual(['views.cam2.end']);
    expect(await faults({ cam1: { start: [], end: null } })).toEqual(['views.cam1.start', 'views.cam1.end']);
    expect(await faults({ cam1: { start: [b64(PNG), 'x'], end: 7 } })).toEqual([
      'views.cam1.start[1]',
      'views.cam1.end',
    ]);
    expect(await faults({ cam1: 'x', cam2: [good], cam3: null })).toEqual([
      'views.cam1',
      'views.cam2',
      'views.cam3',
    ]);
    expect(await faults({ a: good, b: good, c: good, d: good, e: good })).toEqual(['views']);
  });

  it.each(['cam 1', 'カメラ１', 'a.b[0]', `it's "1"`, '<b>', '😀'.repeat(64), 'toString', '0'])(
    'may call a camera %j',
    async (name) => {
      const good = { start: b64(PNG), end: b64(PNG) };
      expect(await faults({ [name]: good })).toEqual([]);
      expect(await faults({ [name]: { start: b64(PNG) } })).toEqual([`views.${name}.end`]);
    },
  );

  it.each([
    ...['', 'x'.repeat(65), '😀'.repeat(65), 'a\u0000', 'a\nb', '\u007f', 'a\u202eb', '\ud800', '😀\udc00'],
    ...['constructor', 'prototype', '__proto__'],
  ])('may not call a camera %j', async (name) => {
    const good = { start: b64(PNG), end: b64(PNG) };
    expect(await faults(Object.fromEntries([[name, good]]))).toEqual(['views']);
  });

  it('say what is wrong in a sentence that names the place', async () => {
    const result = await read({ front: { start: 'nope', end: b64(GIF) } });
    expect(result).toEqual({
      ok: false,
      faults: [
        {
          path: 'views.front.start',
          message:
            'views.front.start must be the base64 of a JPEG, PNG or WebP image, with or without a data: prefix',
        },
        {
          path: 'views.front.end',
          message:
            'views.front.end must be the base64 of a JPEG, PNG or WebP image, with or without a data: prefix',
        },
      ],
    });
  });
});

describe('bytes that are taken in together', () => {
  it('are so many in a turn of the event loop, whoever takes them', async () => {
    const perTurn = new BytesPerTurn(100);
    let [taken, turns] = [0, 0];
    const most: number[] = [];
    const turn = () => {
      most.push(taken);
      taken = 0;
      turns += 1;
      if (turns < 50) setImmediate(turn);
    };
    setImmediate(turn);
    const one = async () => {
      for (let at = 0; at < 20; at += 1) {
        taken += 30;
        await perTurn.take(30);
      }
    };
    await Promise.all([one(), one(), one()]);
    // Each may take one more than there is room for.
    expect(Math.max(...most)).toBeLessThanOrEqual(100 + 3 * 30);
    expect(most.reduce((sum, bytes) => sum + bytes, taken)).toBe(3 * 20 * 30);
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it('are all let through at once while there is room', () => {
    const perTurn = new BytesPerTurn(100);
    expect([perTurn.take(40), perTurn.take(40), perTurn.take(40)]).toEqual([
      undefined,
      undefined,
      expect.any(Promise),
    ]);
  });
});
