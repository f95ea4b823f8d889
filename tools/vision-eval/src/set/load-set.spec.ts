import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadSet } from './load-set';

describe('a set', () => {
  it('is looked at as the service looks: the first five frames of a side', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'vision-eval-set-'));
    try {
      const files = Array.from({ length: 7 }, (_, index) => `${index}.jpg`);
      for (const file of files) writeFileSync(path.join(folder, file), Buffer.from([0xff, 0xd8, 0xff, 0xe0]));
      const counts = { left: 1, right: 0 };
      const camera = { files: { start: files, end: ['0.jpg'] }, counts: { start: counts, end: counts } };
      const cases = [{ id: 'a', scene: 'trays', difficulty: 'clear', cameras: { cam1: camera } }];
      writeFileSync(path.join(folder, 'labels.json'), JSON.stringify({ note: '', cases }));
      const [loaded] = await loadSet(folder);
      const { start, end } = loaded!.views.get('cam1')!;
      expect([start.length, end.length]).toEqual([5, 1]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
