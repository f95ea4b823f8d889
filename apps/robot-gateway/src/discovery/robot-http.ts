import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@teleop/service-kit';
import type { RobotsConfig } from '../config';

/** The robot's HTTP server did not answer as it should; the message says how, for people. */
export class RobotUnreachable extends Error {
  override readonly name = 'RobotUnreachable';
}

/** Calls robots' own HTTP servers: for a short time, a bounded size, and nowhere that they would send us on to. */
@Injectable()
export class RobotHttp {
  constructor(@InjectConfig() private readonly config: RobotsConfig) {}

  /** The status of `GET {url}{path}`, whatever it is. Throws RobotUnreachable. */
  async status(url: string, path: string): Promise<number> {
    return this.get(url, path, async (response) => {
      await response.body?.cancel();
      return response.status;
    });
  }

  /** The JSON that `GET {url}{path}` answers with 200. Throws RobotUnreachable. */
  async json(url: string, path: string): Promise<unknown> {
    return this.get(url, path, async (response) => {
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new RobotUnreachable(`it answered ${response.status}`);
      }
      const text = await this.text(response);
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        throw new RobotUnreachable('its answer is not JSON', { cause: error });
      }
    });
  }

  private async get<T>(url: string, path: string, read: (response: Response) => Promise<T>): Promise<T> {
    const target = URL.canParse(url) ? new URL(url) : undefined;
    if (target?.protocol !== 'http:' && target?.protocol !== 'https:')
      throw new RobotUnreachable('its address is no http(s) URL');
    // Covers the body too: a robot that sends a byte a second does not hold us up.
    const signal = AbortSignal.timeout(this.config.ROBOT_HTTP_TIMEOUT_MS);
    try {
      return await read(await fetch(`${url}${path}`, { redirect: 'manual', signal }));
    } catch (error) {
      if (error instanceof RobotUnreachable) throw error;
      throw new RobotUnreachable(this.reasonOf(error), { cause: error });
    }
  }

  private async text(response: Response): Promise<string> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      // Leaving the loop cancels the body.
      if (bytes > this.config.ROBOT_HTTP_MAX_BYTES) throw new RobotUnreachable('its answer is too large');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  }

  private reasonOf(error: unknown): string {
    const { name, message, cause } = error as {
      name?: unknown;
      message?: unknown;
      cause?: { message?: unknown };
    };
    if (name === 'TimeoutError') return `no answer within ${this.config.ROBOT_HTTP_TIMEOUT_MS} ms`;
    // fetch says only that it failed; its cause says how.
    return String(cause?.message || message);
  }
}
