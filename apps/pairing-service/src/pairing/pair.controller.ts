import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import {
  PairClaimAnswer,
  PairClaimBody,
  PairPrepareAnswer,
  PairPrepareBody,
  PairRequestAnswer,
  PairRequestBody,
} from '@teleop/contracts';
import { Documented, LOGGER, Logger } from '@teleop/service-kit';
import { PairLimits } from '../rate-limit/pair-limits';
import { ClaimSession } from './claim-session';
import { Nonces } from './nonces';
import { RequestToken } from './request-token';

const LIMITED = { 429: ['RATE_LIMITED'], 503: ['SERVICE_UNAVAILABLE'] };

interface From {
  readonly ip: string;
}

@Controller('pair')
export class PairController {
  constructor(
    private readonly limits: PairLimits,
    private readonly nonces: Nonces,
    private readonly requests: RequestToken,
    private readonly claims: ClaimSession,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** A nonce for any well-formed device id, registered or not. */
  @Post('prepare')
  @HttpCode(200)
  @Documented({ answers: PairPrepareAnswer, problems: LIMITED })
  async prepare(@Body() { device_id }: PairPrepareBody, @Req() { ip }: From): Promise<PairPrepareAnswer> {
    await this.limits.take(ip, device_id);
    return { nonce: await this.nonces.make(device_id) };
  }

  /** A pairing token for the device that signed its nonce. */
  @Post('request')
  @HttpCode(200)
  @Documented({ answers: PairRequestAnswer, problems: { 401: ['SIGNATURE_MISMATCH'], ...LIMITED } })
  async request(@Body() body: PairRequestBody, @Req() { ip }: From): Promise<PairRequestAnswer> {
    await this.limits.take(ip, body.device_id);
    return this.requests.request(body.device_id, body.signature);
  }

  /** Joins the app’s connection and the device; session_activated follows on both sockets. */
  @Post('claim')
  @HttpCode(200)
  @Documented({
    answers: PairClaimAnswer,
    problems: {
      404: ['TOKEN_UNKNOWN', 'APP_CONNECTION_UNKNOWN'],
      409: ['TOKEN_ALREADY_CLAIMED', 'DEVICE_NOT_CONNECTED', 'DEVICE_BUSY'],
      410: ['TOKEN_EXPIRED'],
      ...LIMITED,
    },
  })
  async claim(
    @Body() body: PairClaimBody,
    @Req() { ip }: From,
    @Res({ passthrough: true }) response: { readonly raw: ServerResponse },
  ): Promise<PairClaimAnswer> {
    await this.limits.take(ip);
    const { sessionId, activate } = await this.claims.claim({
      token: body.pairing_token,
      appConnection: body.app_connection_id,
      address: ip,
    });
    // First the answer, then session_activated: clients that begin to listen when they have the one must not miss the other.
    response.raw.once('close', () => {
      activate().catch((error: unknown) =>
        this.log.error({ err: error, sessionId }, 'session not activated'),
      );
    });
    return { session_id: sessionId };
  }
}
