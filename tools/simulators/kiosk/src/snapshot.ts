import { encode } from 'jpeg-js';

const WIDTH = 320;
const HEIGHT = 240;
const QUALITY = 80;

type Colour = readonly [number, number, number];
const WALL: Colour = [176, 190, 197];
const SKIN: Colour = [224, 172, 105];
const DARK: Colour = [60, 40, 30];
const SHIRT: Colour = [57, 73, 171];

/** A visitor in front of the camera, as base64 of a JPEG of 320 × 240; no two numbers look alike. */
export function snapshotBase64(number: number): string {
  const data = Buffer.alloc(WIDTH * HEIGHT * 4);
  const lean = Math.sin(number) * 20;
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const [red, green, blue] = colourAt(x - WIDTH / 2 - lean, y - HEIGHT / 2);
      // Grain, as a camera has it: without it the file would be far smaller than a real one.
      const grain = ((x * 7_919 + y * 104_729 + number * 31) % 17) - 8;
      data.set([red + grain, green + grain, blue + grain, 255], (y * WIDTH + x) * 4);
    }
  }
  return encode({ data, width: WIDTH, height: HEIGHT }, QUALITY).data.toString('base64');
}

function colourAt(x: number, y: number): Colour {
  const inside = (cx: number, cy: number, rx: number, ry: number) =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;
  if (inside(-20, -25, 5, 4) || inside(20, -25, 5, 4) || inside(0, 25, 18, 4)) return DARK;
  if (inside(0, -60, 52, 30) && y < -45) return DARK;
  if (inside(0, -10, 50, 65)) return SKIN;
  return inside(0, 130, 95, 70) ? SHIRT : WALL;
}
