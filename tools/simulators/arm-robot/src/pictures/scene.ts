import type { Area, Doll } from '../tray/tray';

/** What the robot's workplace looks like: two trays (arm1), or a box of acrylic with a black line (arm2, arm3). */
export const SCENES = ['trays', 'acrylic-box'] as const;
export type Scene = (typeof SCENES)[number];

export const WIDTH = 640;
export const HEIGHT = 480;

/** How one camera stands: no two see their row from quite the same place. */
export interface View {
  readonly scale: number;
  readonly dx: number;
  readonly dy: number;
  readonly turn: number;
}

const VIEWS: readonly View[] = [
  { scale: 1, dx: 0, dy: 0, turn: 0 },
  { scale: 0.9, dx: 14, dy: -12, turn: 3 },
  { scale: 0.94, dx: -16, dy: 10, turn: -3 },
  { scale: 1.03, dx: 4, dy: 6, turn: 1.5 },
];

export function viewOf(camera: number): View {
  return VIEWS[camera % VIEWS.length]!;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
}

const AREAS: Readonly<Record<Scene, Readonly<Record<Area, Place>>>> = {
  trays: { left: { x: 165, y: 240, rx: 112, ry: 128 }, right: { x: 478, y: 240, rx: 122, ry: 122 } },
  'acrylic-box': { left: { x: 178, y: 240, rx: 118, ry: 130 }, right: { x: 462, y: 240, rx: 118, ry: 130 } },
};

const GROUND: Readonly<Record<Scene, string>> = {
  trays: `<rect x="-80" y="-80" width="800" height="640" fill="#6f6a66"/>
    <rect x="20" y="80" width="290" height="320" rx="14" fill="#e9e7e4" stroke="#c9c6c2" stroke-width="8"/>
    <circle cx="478" cy="240" r="150" fill="#eceae8" stroke="#c9c6c2" stroke-width="8"/>`,
  'acrylic-box': `<rect x="-80" y="-80" width="800" height="640" fill="#55585c"/>
    <rect x="24" y="72" width="592" height="336" rx="6" fill="#cfd4d8" stroke="#f4f7f9" stroke-width="6"/>
    <rect x="315" y="72" width="11" height="336" fill="#0c0c0c"/>
    <path d="M40 88 L150 88 L60 392 L40 392 Z" fill="#ffffff" opacity="0.25"/>`,
};

function dollShape(scene: Scene, { spot, area, hue, tilt }: Doll): string {
  const place = AREAS[scene][area];
  const x = place.x + spot.u * place.rx;
  const y = place.y + spot.v * place.ry;
  const cloth = `hsl(${hue} 85% 46%)`;
  return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${tilt.toFixed(1)})">
    <ellipse cx="3" cy="26" rx="27" ry="9" fill="#000000" opacity="0.22"/>
    <ellipse cx="-15" cy="8" rx="8" ry="13" fill="${cloth}"/><ellipse cx="15" cy="8" rx="8" ry="13" fill="${cloth}"/>
    <ellipse cx="0" cy="10" rx="17" ry="20" fill="${cloth}"/>
    <circle cx="0" cy="-14" r="16" fill="hsl(${hue} 80% 55%)"/>
    <circle cx="-6" cy="-16" r="2.6" fill="#101010"/><circle cx="6" cy="-16" r="2.6" fill="#101010"/>
  </g>`;
}

/** The arm's forearm and gripper in the picture; `at` from 0 (left edge) to 1 (right edge), `reach` how far in. */
export interface ArmInPicture {
  readonly at: number;
  readonly reach: number;
}

function armShape({ at, reach }: ArmInPicture): string {
  const x = at * WIDTH;
  const y = reach * HEIGHT;
  return `<g fill="#3a3d40" stroke="#232527" stroke-width="3">
    <path d="M${x - 26} -90 L${x + 26} -90 L${x + 13} ${y} L${x - 13} ${y} Z"/>
    <rect x="${x - 22}" y="${y - 8}" width="44" height="16" rx="5"/>
    <rect x="${x - 22}" y="${y + 4}" width="9" height="30" rx="4"/><rect x="${x + 13}" y="${y + 4}" width="9" height="30" rx="4"/>
  </g>`;
}

export interface SceneInPicture {
  readonly scene: Scene;
  readonly view: View;
  readonly dolls: readonly Doll[];
  readonly arm?: ArmInPicture;
}

/** The picture before light and noise, as SVG. */
export function drawScene({ scene, view, dolls, arm }: SceneInPicture): string {
  const { scale, dx, dy, turn } = view;
  const camera = `translate(${WIDTH / 2 + dx} ${HEIGHT / 2 + dy}) rotate(${turn}) scale(${scale}) translate(${-WIDTH / 2} ${-HEIGHT / 2})`;
  // From the back to the front.
  const shapes = [...dolls].sort((a, b) => a.spot.v - b.spot.v).map((doll) => dollShape(scene, doll));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="#4a4745"/>
  <g transform="${camera}">${GROUND[scene]}${shapes.join('')}</g>${arm === undefined ? '' : armShape(arm)}</svg>`;
}
