import type { Stream, StreamForm } from './stream';

export interface PictureWish {
  /** Milliseconds between two pictures; 0: all of them. */
  readonly intervalMs: number;
  /** Wider pictures are made smaller. */
  readonly maxWidth: number;
}

export interface FfmpegCommand {
  readonly args: readonly string[];
  /** What it reads from its standard input: the URL, with its credentials, would be in every process list as an argument. */
  readonly input: string;
}

/** Silence on the network after which ffmpeg gives up by itself, so that it never outlives us by more. Microseconds. */
const NETWORK_SILENCE = '5000000';
/** A picture comes a little early rather than an interval late. */
const EARLY = 0.97;
/** A file is played so often before it counts as ended. */
const REPEATS = 500;

const LIVE = ['fflags nobuffer', 'probesize 500000', 'analyzeduration 500000'];

/** Options of what is read, as the list has them; see docs/adr and the measurements that they come from. */
const OPTIONS: Readonly<Record<StreamForm, readonly string[]>> = {
  rtsp: [...LIVE, 'rtsp_transport tcp', `timeout ${NETWORK_SILENCE}`, 'allowed_media_types video'],
  // It carries no times of its own.
  mjpeg: [...LIVE, 'fpsprobesize 0', 'use_wallclock_as_timestamps 1', `rw_timeout ${NETWORK_SILENCE}`],
  hls: [`rw_timeout ${NETWORK_SILENCE}`],
  file: [],
};

/** All of it by way of the proxy, which `https` opens a tunnel through. */
const HTTP = 'pipe,fd,http,https,httpproxy,tcp,tls';

/** A playlist from the network must not open files of this machine, so only what is needed is allowed. */
const PROTOCOLS: Readonly<Record<StreamForm, string>> = {
  rtsp: 'pipe,fd,rtsp,rtp,tcp',
  mjpeg: HTTP,
  hls: `${HTTP},crypto`,
  file: HTTP,
};

export function ffmpegCommand(stream: Stream, wish: PictureWish): FfmpegCommand {
  const { form } = stream;
  const isLocal = stream.url.startsWith('file:');
  const seconds = (wish.intervalMs / 1_000) * EARLY;
  const select =
    wish.intervalMs > 0 ? `select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,${seconds})',` : '';
  return {
    args: [
      ...['-hide_banner', '-nostats', '-loglevel', 'info', '-threads', '1', '-flags', 'low_delay'],
      ...(isPaced(form) ? ['-re'] : ['-fflags', 'nobuffer']),
      ...['-protocol_whitelist', isLocal ? 'pipe,fd,file' : PROTOCOLS[form]],
      ...['-f', 'concat', '-safe', '0', '-i', 'pipe:0', '-an', '-sn', '-dn'],
      ...['-vf', `${select}scale='min(${wish.maxWidth},iw)':-2`, '-fps_mode', 'passthrough'],
      // Without the second -threads each picture would come one interval late.
      ...['-threads', '1', '-flush_packets', '1', '-c:v', 'ppm', '-f', 'image2pipe', 'pipe:1'],
    ],
    input: list(stream),
  };
}

/** What could be read faster than it was filmed; a file or playlist that ends begins anew. */
const isPaced = (form: StreamForm): boolean => form === 'file' || form === 'hls';

function list({ url, form }: Stream): string {
  const entry = [
    `file '${url.replaceAll("'", String.raw`'\''`)}'`,
    ...OPTIONS[form].map((option) => `option ${option}`),
  ];
  const times = isPaced(form) ? REPEATS : 1;
  return ['ffconcat version 1.0', ...Array.from({ length: times }, () => entry).flat(), ''].join('\n');
}
