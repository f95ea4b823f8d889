import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { waitFor } from '@teleop/testing';
import { chromium, type Browser, type Page } from 'playwright-core';
import { asUser, get } from './support/api';
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
    await page.fill('#robotId', 'arm1');
    await page.fill('#userId', watching.userId);
    await page.fill('#token', watching.hashCode);
    await page.click('#watch');
    await page.waitForSelector('#queue:not([data-version=""])', {
      state: 'attached',
      timeout: 15_000,
    });

    await asUser(stack.gateway, ada)('/queue/join', { robotId: 'arm1' });
    await page.waitForSelector('#queue >> text=Ada Lovelace', { timeout: 10_000 });

    await asUser(stack.gateway, ada)('/queue/leave', { robotId: 'arm1' });
    await page.waitForSelector('#queue >> text=Ada Lovelace', { state: 'detached', timeout: 10_000 });
    expect(errors).toEqual([]);
  }, 60_000);

  it('takes a turn and drives the arm with the arrow keys', async () => {
    const { stack, data, arms } = system;
    const grace = await data.user({ name: 'Grace Hopper' });
    const driving = await browser.newPage();
    await driving.goto(`${stack.gateway}/demo`);
    await driving.fill('#robotId', 'arm1');
    await driving.fill('#userId', grace.userId);
    await driving.fill('#token', grace.hashCode);
    await driving.click('#watch');
    await driving.click('#join');
    await driving.waitForSelector('#queue >> text=Grace Hopper', { timeout: 10_000 });
    await driving.click('#drive:not([disabled])', { timeout: 10_000 });
    await driving.waitForSelector('#drive-state:text("driving")', { timeout: 10_000 });
    const before = arms[0]!.brain.arm.joints[0]!;
    await driving.keyboard.down('ArrowRight');
    await waitFor('the arm to turn', () => Math.abs(arms[0]!.brain.arm.joints[0]! - before) > 0.1);
    await driving.keyboard.up('ArrowRight');
    await waitFor('the arm to stop', () => !arms[0]!.brain.arm.moving);
    if (process.env['SCREENSHOT']) await driving.screenshot({ path: process.env['SCREENSHOT'] });
    await driving.click('#leave');
    await waitFor('the queue to be empty', async () => {
      const { body } = await get(stack.gateway, '/queue/arm1');
      return body.queue.length === 0;
    });
    await driving.close();
  }, 60_000);
});
