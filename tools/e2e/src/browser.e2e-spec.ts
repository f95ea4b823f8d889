import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { asUser } from './support/api';
import { startSystem, type System } from './support/system';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('a browser', () => {
  let system: System;
  let browser: Browser;
  let page: Page;
  let profile: string;

  beforeAll(async () => {
    system = await startSystem();
    profile = mkdtempSync(path.join(os.tmpdir(), 'teleop-chromium-'));
    browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      headless: true,
      args: [...FLAGS, `--disk-cache-dir=${profile}`],
    });
    page = await browser.newPage();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await system?.close();
    rmSync(profile, { recursive: true, force: true });
  }, 60_000);

  it('sees the queue change live', async () => {
    const { stack, data } = system;
    const watching = await data.user({ name: 'Watcher' });
    const ada = await data.user({ name: 'Ada Lovelace' });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${stack.gateway}/demo`);
    await page.fill('#robot', 'arm1');
    await page.fill('#user', watching.userId);
    await page.fill('#token', watching.hashCode);
    await page.click('#connect');
    await page.waitForSelector('#queue[data-version]', { timeout: 15_000 });

    await asUser(stack.gateway, ada)('/queue/join', { robotId: 'arm1' });
    await page.waitForSelector('#queue >> text=Ada Lovelace', { timeout: 10_000 });
    if (process.env['SCREENSHOT']) await page.screenshot({ path: process.env['SCREENSHOT'] });

    await asUser(stack.gateway, ada)('/queue/leave', { robotId: 'arm1' });
    await page.waitForSelector('#queue >> text=Ada Lovelace', { state: 'detached', timeout: 10_000 });
    expect(errors).toEqual([]);
  }, 60_000);
});
