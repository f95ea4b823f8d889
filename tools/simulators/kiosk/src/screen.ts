import { writeFileSync } from 'node:fs';
import { toString as qrText } from 'qrcode';

/** Where a phone looks when it is not told. */
const DEFAULT_URL = 'http://127.0.0.1:3000';

export type ShowQr = 'always' | 'once' | 'never';

/** The kiosk's screen: a QR code in the terminal, and what it holds in a file for a simulated phone in front of it. */
export class Screen {
  #shown = 0;

  constructor(
    private readonly options: {
      readonly qr: ShowQr;
      readonly appUrl: string;
      readonly file: string | undefined;
    },
  ) {}

  async show(token: string): Promise<void> {
    const { qr, appUrl, file } = this.options;
    if (file !== undefined)
      writeFileSync(file, JSON.stringify({ token, ws_app_url: appUrl }), { mode: 0o600 });
    this.#shown += 1;
    if (qr === 'never' || (qr === 'once' && this.#shown > 1)) return;
    const code = await qrText(JSON.stringify({ token, ws_app_url: appUrl }), {
      type: 'utf8',
      errorCorrectionLevel: 'L',
    });
    const where = appUrl === DEFAULT_URL ? '' : ` --url ${appUrl}`;
    process.stdout.write(`${code}\nScan it, or:  npm run sim:phone -- ${token}${where}\n`);
  }
}
