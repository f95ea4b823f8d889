import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startStack } from '../stack';
import type { Stack, StackOptions } from '../types';
import { fakeProduct, type FakeProduct } from './fake-product.spec-support';

const running: Stack[] = [];
const folders: string[] = [];

export function tempDir(): string {
  const folder = mkdtempSync(path.join(process.env['TEST_DATA_DIR'] ?? tmpdir(), 'stack-'));
  folders.push(folder);
  return folder;
}

export interface Product extends FakeProduct {
  dataDir: string;
  notices: string[];
  start(options?: Partial<StackOptions>): Promise<Stack>;
}

/** A product of fakes, and how to start it. The servers below it are real. */
export function product(): Product {
  const folder = tempDir();
  const fake = fakeProduct(folder);
  const dataDir = path.join(folder, 'data');
  const notices: string[] = [];
  return {
    ...fake,
    dataDir,
    notices,
    async start(options = {}) {
      const stack = await startStack({
        dataDir,
        layout: fake.layout,
        readyTimeoutMs: 20_000,
        onNotice: (line) => notices.push(line),
        ...options,
        env: { FAKE_LOG: fake.log, ...options.env },
      });
      running.push(stack);
      return stack;
    },
  };
}

export async function stopOwnStacks(): Promise<void> {
  await Promise.all(running.splice(0).map((stack) => stack.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
