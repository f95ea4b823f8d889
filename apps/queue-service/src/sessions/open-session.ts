import { Inject, Injectable } from '@nestjs/common';
import type { DecryptKeyAnswer, UserAndRobot, UseRobotAnswer } from '@teleop/contracts';
import { Outbox } from '@teleop/messaging';
import { Database, type Tx } from '@teleop/persistence';
import { QUEUE_CONFIG, type QueueConfig } from '../config';
import { IdempotentPosts } from '../idempotency/idempotent-posts';
import type { CallerHeaders } from '../turns/change-queue';
import { isRefusal, refusal } from '../turns/codes';
import { RobotLanes } from '../turns/robot-lanes';
import { TurnsRepository } from '../turns/turns.repository';
import { Callers } from '../users/callers';
import type { Credential } from '../users/credential';
import { ControlUrls } from './control-urls';
import { encryptUrl } from './encrypt-url';
import { ProbeRobot } from './probe-robot';

const KEY_SECONDS = 15 * 60;

/** Hands the controls to the user whose turn it is. */
@Injectable()
export class OpenSession {
  constructor(
    private readonly database: Database,
    private readonly turns: TurnsRepository,
    private readonly callers: Callers,
    private readonly lanes: RobotLanes,
    private readonly idempotent: IdempotentPosts,
    private readonly urls: ControlUrls,
    private readonly probe: ProbeRobot,
    private readonly outbox: Outbox<'queue-service'>,
    @Inject(QUEUE_CONFIG) private readonly config: QueueConfig,
  ) {}

  async open(body: UserAndRobot, headers: CallerHeaders): Promise<UseRobotAnswer> {
    const credential = await this.callers.credentialOf(headers.authorization, body.userId);
    const key = headers.idempotencyKey;
    if (key !== undefined) await this.callers.authenticate(this.database, body.userId, credential);
    const request = { scope: `use_robot:${body.userId.toLowerCase()}`, key, body };
    // One transaction, with or without a key: a robot without a control URL must leave no session behind.
    const answer = await this.lanes.run(body.robotId, () =>
      key === undefined
        ? this.database.transaction((tx) => this.openIn(tx, body, credential))
        : this.idempotent.run(request, (tx) => this.openIn(tx, body, credential)),
    );
    this.outbox.poke();
    const control = this.urls.for(body.robotId, answer.control_token);
    if (control !== undefined) this.probe.begin(body.robotId, control, answer.control_token);
    return answer;
  }

  /** The key that decrypts the URLs; not for Explorer Members. */
  async decryptKey(userId: string, authorization: string | undefined): Promise<DecryptKeyAnswer> {
    const user = await this.callers.require(authorization, userId);
    if (user.user_class === 'Explorer Member') throw refusal('EXPLORER_NOT_ALLOWED');
    return {
      key_b64: this.config.URL_AES_KEY.toString('base64'),
      exp: Math.floor(Date.now() / 1_000) + KEY_SECONDS,
    };
  }

  private async openIn(tx: Tx, body: UserAndRobot, credential: Credential): Promise<UseRobotAnswer> {
    const row = await this.turns.open(tx, body, credential);
    if (isRefusal(row.code)) throw refusal(row.code);
    const control = this.urls.for(body.robotId, row.control_token);
    if (control === undefined) throw refusal('ROBOT_URL_NOT_CONFIGURED');
    const hide = (url: string | null) =>
      url === null || url === '' ? null : encryptUrl(url, this.config.URL_AES_KEY);
    return {
      encrypted_url: encryptUrl(control.url, this.config.URL_AES_KEY),
      encrypted_stream1_url: hide(row.stream1),
      encrypted_stream2_url: hide(row.stream2),
      control_token: row.control_token,
      expires: row.expires,
      isFirstTime: row.is_first_time,
    };
  }
}
