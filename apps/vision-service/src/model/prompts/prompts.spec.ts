import { createHash } from 'node:crypto';
import { PROMPTS, sceneOf } from '.';

describe('prompts', () => {
  it('have a version that is raised with every change of their words', () => {
    const words = Object.fromEntries(
      Object.values(PROMPTS).map(({ version, ...texts }) => [
        version,
        createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12),
      ]),
    );
    expect(words).toMatchInlineSnapshot(`
     {
       "acrylic-box-1": "a8c2997ce9e6",
       "trays-1": "f0b14e4f6599",
     }
    `);
  });

  it('are those of the robot’s scene: arm1 has trays, arm2 and arm3 the box', () => {
    const scenes = new Map([
      ['arm1', 'trays'],
      ['arm2', 'acrylic-box'],
    ] as const);
    expect(['arm1', 'arm2', 'arm9'].map((robot) => sceneOf(robot, scenes))).toEqual([
      'trays',
      'acrylic-box',
      'acrylic-box',
    ]);
    expect(PROMPTS.trays.system).toMatch(/rectangular tray.*round tray/);
    expect(PROMPTS['acrylic-box'].system).toMatch(/transparent acrylic.*black line/);
  });
});
