import fc from 'fast-check';
import type { Frame } from '../engine/engine';
import { BadCameraUrl, parseCameraUrl } from './camera-url';
import { failureWords, resolutionIn } from './failure-words';
import { ffmpegCommand } from './ffmpeg-command';
import { NotPpm, PpmReader } from './ppm-reader';
import { formOf } from './stream';

describe('the URL of a camera', () => {
  it.each([
    'rtsp://u:p@10.0.0.5/stream1',
    'rtsps://cam/x',
    'http://cam/x.mjpg',
    'https://cam/x',
    'file:///x.mp4',
  ])('may be %s', (text) => {
    expect(parseCameraUrl(text, true).url.href).toContain('://');
  });

  it('is a file in development alone', () => {
    expect(() => parseCameraUrl('file:///x.mp4', false)).toThrow(BadCameraUrl);
  });

  it.each(['ftp://x/y', 'concat:x', 'rtsp://', 'x', "rtsp://x/\nfile 'y'", 'rtsp://x/ y', 'file://host/x'])(
    'is not %j, and what it is not is not quoted',
    (text) => {
      expect(() => parseCameraUrl(text, true)).toThrow(/^must (be|begin|name)/);
    },
  );
});

describe('the order to ffmpeg', () => {
  const wish = { intervalMs: 1_500, maxWidth: 1_920 };

  it('has the URL in its input and not in its arguments', () => {
    const { args, input } = ffmpegCommand({ url: "rtsp://u:p'w@10.0.0.5/x", form: 'rtsp' }, wish);
    expect(args.join(' ')).not.toContain('10.0.0.5');
    expect(input).toContain(String.raw`file 'rtsp://u:p'\''w@10.0.0.5/x'`);
    expect(input).toContain('option rtsp_transport tcp');
  });

  it('lets a playlist of the network open no file of this machine, and a file nothing of the network', () => {
    const allowed = (url: string, form: 'hls' | 'file') => {
      const { args } = ffmpegCommand({ url, form }, wish);
      return args[args.indexOf('-protocol_whitelist') + 1]!.split(',');
    };
    expect(allowed('http://cam/x.m3u8', 'hls')).not.toContain('file');
    expect(allowed('file:///x.mp4', 'file')).not.toContain('http');
  });

  it('asks for every picture where they are counted', () => {
    const { args } = ffmpegCommand({ url: 'rtsp://x/y', form: 'rtsp' }, { ...wish, intervalMs: 0 });
    expect(args.join(' ')).not.toContain('select');
  });
});

describe('what ffmpeg says', () => {
  it('is told in words that quote nothing', () => {
    const said = 'rtsp://admin:s3cret@10.0.0.5: Server returned 401 Unauthorized (authorization failed)';
    expect(failureWords(said)).toBe('credentials refused');
    expect(failureWords('tcp://x: Connection refused')).toBe('connection refused');
    expect(failureWords('')).toBe('the connection ended');
  });

  it('tells the size of the pictures', () => {
    const line =
      '  Stream #0:0: Video: h264 (Main), yuv420p(tv, bt709), 1920x1080 [SAR 1:1 DAR 16:9], 25 fps';
    expect(resolutionIn(line)).toBe('1920x1080');
    expect(resolutionIn('nothing')).toBeUndefined();
  });
});

describe('the form of a stream', () => {
  it.each([
    ['multipart/x-mixed-replace; boundary=x', '/x', 'mjpeg'],
    ['application/vnd.apple.mpegurl', '/x', 'hls'],
    ['video/mp4', '/x', 'file'],
    ['application/octet-stream', '/x.mp4', 'file'],
    ['text/plain', '/x.m3u8', 'hls'],
    ['', '/video', 'mjpeg'],
  ])('%s at %s is %s', (type, path, form) => {
    expect(formOf(type, path)).toBe(form);
  });
});

describe('pictures in a stream', () => {
  const ppm = ({ width, height, rgb }: Frame) =>
    Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), rgb]);
  const frame = fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }))
    .chain(([width, height]) =>
      fc
        .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
        .map((rgb): Frame => ({ width, height, rgb })),
    );

  it('come out as they went in, however the stream is cut, and with buffers used again', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.integer({ min: 1, max: 300 }), (frames, cut) => {
        const stream = Buffer.concat(frames.map(ppm));
        const out: Frame[] = [];
        const reader = new PpmReader((read) => {
          out.push({ ...read, rgb: Uint8Array.from(read.rgb) });
          reader.recycle(read.rgb);
        });
        for (let at = 0; at < stream.length; at += cut) reader.push(stream.subarray(at, at + cut));
        expect(out).toEqual(frames.map((one) => ({ ...one, rgb: Uint8Array.from(one.rgb) })));
      }),
    );
  });

  it('are refused when they are something else', () => {
    const reader = new PpmReader(() => undefined);
    expect(() => reader.push(Buffer.from('<html>'))).toThrow(NotPpm);
    expect(() => new PpmReader(() => undefined).push(Buffer.from('P6\n99999 1\n255\n'))).toThrow(NotPpm);
  });
});
