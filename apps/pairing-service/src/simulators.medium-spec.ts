import { spawn } from 'node:child_process';
import path from 'node:path';
import { EvmKey, Kiosk, PairingApi, sessionMessage, type Phase } from '@teleop/sim-kiosk';
import { Phone } from '@teleop/sim-phone';
import { waitFor } from '@teleop/testing';
import { setupService, type Service } from './testing/service.spec-support';

describe('the simulated kiosk and phone', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService({ env: { PAIRING_OPEN_DEVICE_SOCKET: 'false' } });
  });

  afterAll(() => service.close());

  it('go through a whole visit, one after the other, over the same socket', async () => {
    const url = service.urlOf(0);
    const key = EvmKey.ofDemo('kiosk9');
    const api = new PairingApi(url);
    await api.register('kiosk9', key, service.config.JWT_SECRET);
    await api.register('kiosk9', key, service.config.JWT_SECRET);
    const phases: Phase[] = [];
    const tokens: string[] = [];
    const kiosk = new Kiosk({
      deviceId: 'kiosk9',
      key,
      url,
      heartbeatMs: 1_000,
      captureMs: 1,
      phase: (phase) => phases.push(phase),
      show: (token) => tokens.push(token),
    });
    const running = kiosk.run();
    for (let visit = 0; visit < 2; visit += 1) {
      const token = await waitFor('a code on the screen', () => tokens[visit]);
      const seen: Record<string, unknown>[] = [];
      const log = (message: string, fields: Record<string, unknown> = {}) =>
        seen.push({ message, ...fields });
      expect(await new Phone({ token, url, heartbeatMs: 1_000, log }).visit()).toBe('app_complete');
      expect(seen).toContainEqual(
        expect.objectContaining({ message: 'snapshot received', width: 320, height: 240 }),
      );
    }
    await waitFor(
      'the second visit to be over',
      () => phases.filter((phase) => phase === 'idle').length === 2,
    );
    expect(phases.slice(0, 6)).toEqual([
      'pairing_request',
      'qr_display',
      'human_detect',
      'waiting_ack',
      'complete',
      'idle',
    ]);
    kiosk.stop();
    await running;
  });

  it('run as programs: a QR code in the terminal, and a phone that is given its token', async () => {
    const env = {
      PATH: process.env['PATH'],
      GATEWAY_URL: service.urlOf(0),
      KIOSK_ID: 'kiosk8',
      KIOSK_CAPTURE_MS: '1',
    };
    const run = (simulator: string, ...args: string[]) => {
      const main = path.resolve(__dirname, '../../../tools/simulators', simulator, 'src/main.ts');
      const child = spawn(
        process.execPath,
        ['-C', '@teleop/source', '-r', '@swc-node/register', main, ...args],
        { env },
      );
      const program = { child, output: '' };
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (program.output += chunk.toString()));
      return program;
    };
    const kiosk = run('kiosk');
    try {
      const [, token] = await waitFor(
        'the token below the code',
        // With what follows it: what a program prints may come in pieces.
        () => /npm run sim:phone -- ([\w-]+)\s/.exec(kiosk.output),
        { timeoutMs: 30_000 },
      );
      expect(kiosk.output).toMatch(/[█▄▀]{10}/);
      const phone = run('phone', token!);
      const ended = await waitFor(
        'the visit to end',
        () => phone.output.includes('app_complete') || phone.child.exitCode !== null,
        { timeoutMs: 30_000 },
      );
      expect([ended, phone.output]).toEqual([true, expect.stringContaining('app_complete')]);
      const again = run('phone', token!);
      await waitFor('the second phone to be refused', () => again.output.includes('TOKEN_ALREADY_CLAIMED'), {
        timeoutMs: 30_000,
      });
    } finally {
      kiosk.child.kill();
    }
  });

  it('sign what the service verifies', () => {
    const session = { sessionId: 's', sessionKey: Buffer.alloc(32, 1).toString('base64') };
    expect(sessionMessage(session, 1, { b: 'é', a: 1 }, 5)).toContain('"payload":{"b":"é","a":1}');
  });
});
