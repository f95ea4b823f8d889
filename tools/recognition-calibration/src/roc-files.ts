type Point = { readonly far: number; readonly tar: number; readonly cosine: number };

export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
}

export function rocCsv(curves: readonly Curve[]): string {
  const lines = curves.flatMap(({ name, points }) =>
    points.map(({ far, tar, cosine }) =>
      [name, far.toExponential(3), tar.toFixed(4), cosine.toFixed(4)].join(','),
    ),
  );
  return ['people,false_accept_rate,true_accept_rate,cosine', ...lines, ''].join('\n');
}

const [WIDTH, HEIGHT, EDGE] = [640, 400, 56];
/** The picture shows false accept rates from here to 1, and true ones from LEAST_TAR. */
const LEAST_FAR = 1e-4;
const LEAST_TAR = 0.7;

export function rocSvg(curves: readonly Curve[]): string {
  const x = (far: number): number =>
    EDGE + (1 - Math.log10(Math.max(far, LEAST_FAR)) / Math.log10(LEAST_FAR)) * (WIDTH - 2 * EDGE);
  const y = (tar: number): number =>
    HEIGHT - EDGE - ((Math.max(tar, LEAST_TAR) - LEAST_TAR) / (1 - LEAST_TAR)) * (HEIGHT - 2 * EDGE);
  const text = (at: [number, number], anchor: string, what: string): string =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" text-anchor="${anchor}">${what}</text>`;
  const line = (from: [number, number], to: [number, number]): string =>
    `<path d="M${from.map((v) => v.toFixed(1)).join(' ')}L${to.map((v) => v.toFixed(1)).join(' ')}" stroke="#ccc"/>`;
  const fars = [1e-4, 1e-3, 1e-2, 1e-1, 1];
  const tars = [0.7, 0.8, 0.9, 0.95, 1];
  const grid = [
    ...fars.map(
      (far) =>
        line([x(far), EDGE], [x(far), HEIGHT - EDGE]) +
        text([x(far), HEIGHT - EDGE + 18], 'middle', `${far * 100} %`),
    ),
    ...tars.map(
      (tar) =>
        line([EDGE, y(tar)], [WIDTH - EDGE, y(tar)]) + text([EDGE - 6, y(tar) + 4], 'end', `${tar * 100} %`),
    ),
  ];
  const paths = curves.map(({ name, colour, points }, i) => {
    const shown = points.filter(({ far }) => far >= LEAST_FAR);
    const path = shown
      .map(({ far, tar }, at) => `${at === 0 ? 'M' : 'L'}${x(far).toFixed(1)} ${y(tar).toFixed(1)}`)
      .join('');
    const legend = `<text x="${WIDTH - EDGE - 8}" y="${HEIGHT - EDGE - 12 - i * 18}" text-anchor="end" fill="${colour}">${name}</text>`;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${legend}`;
  });
  const labels = [
    text([WIDTH / 2, HEIGHT - 12], 'middle', 'pairs of two people taken for one (logarithmic)'),
    text([EDGE, EDGE - 16], 'start', 'pairs of one person told'),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...grid,
    ...paths,
    ...labels,
    '</svg>',
    '',
  ].join('\n');
}
