import { hmacOf, messageText, type Peer } from '../testing/clients.spec-support';
import { setupService, type Pair, type Service } from '../testing/service.spec-support';

describe('messages of a session', () => {
  let service: Service;

  beforeAll(async () => {
    service = await setupService();
  });

  afterAll(() => service.close());

  /** Sends and waits for the refusal that it gets. */
  async function refusedBy(peer: Peer, text: string | Buffer): Promise<object> {
    const before = peer.frames('error').length;
    peer.send(text);
    return peer.got('error', before + 1);
  }

  const payload = '{"result":"success"}';
  const next = (pair: Pair, seq: number) => messageText({ ...pair, seq, payload });

  it('count for each side on its own, and nothing is used up by what is refused', async () => {
    const pair = await service.pair();
    const { device, app } = pair;
    const bad = messageText({ ...pair, seq: 1, payload }, '00'.repeat(32));
    expect(await refusedBy(device, bad)).toEqual({ type: 'error', code: 'HMAC_INVALID', expected_seq: 1 });
    expect(await refusedBy(device, next(pair, 2))).toMatchObject({ code: 'SEQ_MISMATCH', expected_seq: 1 });
    device.send(next(pair, 1));
    await app.gotText(next(pair, 1));
    expect(await refusedBy(device, next(pair, 1))).toMatchObject({ code: 'SEQ_MISMATCH', expected_seq: 2 });
    expect(await refusedBy(device, next(pair, 3))).toMatchObject({ code: 'SEQ_MISMATCH', expected_seq: 2 });
    app.send(next(pair, 1));
    await device.gotText(next(pair, 1));
    device.send(next(pair, 2));
    await app.gotText(next(pair, 2));
    expect(app.frames('session_message')).toHaveLength(2);
    expect(app.frames('error')).toHaveLength(0);
  });

  it.each([
    ['no JSON', 'hello'],
    ['no object', '[1]'],
    ['no type', '{"a":1}'],
    ['an unknown type', '{"type":"reboot"}'],
    ['no envelope', '{"type":"session_message"}'],
    ['an envelope that is none', '{"type":"session_message","envelope":[]}'],
    ['NaN', '{"type":"heartbeat","x":NaN}'],
    ['a key twice', '{"type":"heartbeat","type":"heartbeat"}'],
    ['a reason that is no text', '{"type":"end_session","reason":5}'],
    ['an endless reason', `{"type":"end_session","reason":"${'x'.repeat(200)}"}`],
    ['hardware_register without an image', '{"type":"hardware_register","platform_id":"p"}'],
    ['bytes', Buffer.from('{"type":"heartbeat"}')],
  ])('that are %s are refused as malformed', async (_, text) => {
    const { device } = await service.pair();
    expect(await refusedBy(device, text)).toEqual({ type: 'error', code: 'MALFORMED', expected_seq: 1 });
  });

  it.each([
    ['a seq of 0', { seq: 0 }],
    ['a seq below 0', { seq: -1 }],
    ['half a seq', { seq: '1.0' }],
    ['a seq as text', { seq: '"1"' }],
    ['a seq beyond what can be counted', { seq: '9007199254740993' }],
    ['a timestamp as text', { timestamp: '"now"' }],
    ['a payload that is a list', { payload: '[1]' }],
    ['a payload that is a text', { payload: '"x"' }],
    ['a payload with a key twice', { payload: '{"a":1,"a":2}' }],
    ['a payload nested too deeply', { payload: `{"a":${'['.repeat(600)}${']'.repeat(600)}}` }],
  ])('with %s are refused as malformed, signed or not', async (_, changes) => {
    const pair = await service.pair();
    const text = messageText({ ...pair, seq: 1, payload, ...changes });
    expect(await refusedBy(pair.device, text)).toMatchObject({ code: 'MALFORMED', expected_seq: 1 });
  });

  it('of another session, or of none, are refused: NO_SESSION', async () => {
    const [mine, other] = [await service.pair(), await service.pair()];
    expect(await refusedBy(mine.device, next(other, 1))).toMatchObject({
      code: 'NO_SESSION',
      expected_seq: 1,
    });
    // Key confusion: my session's id, signed by the other one's key.
    const confused = messageText({ ...mine, sessionKey: other.sessionKey, seq: 1, payload });
    expect(await refusedBy(mine.device, confused)).toMatchObject({ code: 'HMAC_INVALID' });
    // The HMAC of the key's base64 text instead of its bytes.
    const textKey = Buffer.from(mine.sessionKey).toString('base64');
    const wrongKey = hmacOf({ ...mine, sessionKey: textKey, seq: 1, payload });
    expect(await refusedBy(mine.device, messageText({ ...mine, seq: 1, payload }, wrongKey))).toMatchObject({
      code: 'HMAC_INVALID',
    });
    const device = await service.device();
    const lonely = await service.openDevice(device.id);
    expect(await refusedBy(lonely, next(mine, 1))).toEqual({
      type: 'error',
      code: 'NO_SESSION',
      expected_seq: 1,
    });
    expect(await refusedBy(lonely, '{"type":"end_session"}')).toMatchObject({ code: 'NO_SESSION' });
    expect(other.app.frames('session_message')).toHaveLength(0);
  });

  it('cannot be sent again with digits moved from the time to the number', async () => {
    const pair = await service.pair();
    for (let seq = 1; seq <= 10; seq += 1) pair.device.send(next(pair, seq));
    await pair.app.gotText(next(pair, 10));
    const original = { ...pair, seq: 1, timestamp: 1_700_000_000_000, payload };
    const moved = messageText({ ...pair, seq: 11, timestamp: 700_000_000_000, payload }, hmacOf(original));
    expect(await refusedBy(pair.device, moved)).toEqual({
      type: 'error',
      code: 'HMAC_INVALID',
      expected_seq: 11,
    });
    pair.device.send(next(pair, 11));
    await pair.app.gotText(next(pair, 11));
  });

  it('may spell numbers and strings as Python or Dart do', async () => {
    const pair = await service.pair();
    const sent = '{"t": "h\\u00e9", "n": [1.0, 1e3], "a": {"z": 1, "b": "\u{1f600}"}}';
    const ascii = '{"a":{"b":"\\ud83d\\ude00","z":1},"n":[1.0,1e3],"t":"h\\u00e9"}';
    const raw = '{"a":{"b":"\u{1f600}","z":1},"n":[1.0,1e3],"t":"hé"}';
    for (const [i, canonical] of [ascii, raw, ascii].entries()) {
      const text = messageText({ ...pair, seq: i + 1, payload: sent, canonical });
      pair.device.send(text);
      await pair.app.gotText(text);
    }
    const reworded = raw.replace('1.0', '1');
    expect(
      await refusedBy(pair.device, messageText({ ...pair, seq: 4, payload: sent, canonical: reworded })),
    ).toMatchObject({ code: 'HMAC_INVALID' });
  });

  it('close the socket with 4008 when ten in a row are refused; a good one begins the count anew', async () => {
    const pair = await service.pair();
    for (let i = 0; i < 9; i += 1) pair.device.send('nonsense');
    pair.device.send(next(pair, 1));
    pair.device.send({ type: 'heartbeat' });
    for (let i = 0; i < 9; i += 1) pair.device.send('nonsense');
    await pair.device.got('error', 18);
    expect(pair.device.closed).toBeUndefined();
    pair.device.send('nonsense');
    expect((await pair.device.wasClosed()).code).toBe(4008);
    expect(await pair.app.got('end_session')).toEqual({ type: 'end_session', reason: 'device_disconnected' });
  });

  it('of 8 MiB pass; one byte more closes the socket with 1009', async () => {
    const pair = await service.pair();
    const size = 8 * 1024 * 1024;
    const frame = (bytes: number) => {
      const empty = messageText({ ...pair, seq: 1, payload: '{"snapshot_base64":""}' });
      return messageText({
        ...pair,
        seq: 1,
        payload: `{"snapshot_base64":"${'A'.repeat(bytes - empty.length)}"}`,
      });
    };
    const largest = frame(size);
    expect(Buffer.byteLength(largest)).toBe(size);
    pair.device.send(largest);
    await pair.app.gotText(largest);
    pair.device.send(`${frame(size)} `);
    expect((await pair.device.wasClosed()).code).toBe(1009);
    await pair.app.got('end_session');
  });

  it('heartbeats go to the other side', async () => {
    const { device, app } = await service.pair();
    device.send('{"type": "heartbeat"}');
    app.send({ type: 'heartbeat' });
    expect(await app.got('heartbeat')).toEqual({ type: 'heartbeat' });
    expect(await device.got('heartbeat')).toEqual({ type: 'heartbeat' });
  });
});

describe('a side that reads slowly', () => {
  it('is closed when too much waits for it, and the other side is told', async () => {
    const service = await setupService({ env: { MAX_UNSENT_BYTES: String(2 * 1024 * 1024) } });
    const pair = await service.pair();
    pair.app.ws.pause();
    let seq = 0;
    while (pair.device.frames('end_session').length === 0 && seq < 100) {
      seq += 1;
      pair.device.send(messageText({ ...pair, seq, payload: `{"p":"${'A'.repeat(1024 * 1024)}"}` }));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(await pair.device.got('end_session')).toEqual({ type: 'end_session', reason: 'app_disconnected' });
    expect(await service.status(pair.deviceId)).toBe('ONLINE');
    pair.app.ws.resume();
    await pair.app.wasClosed();
    await service.close();
  });
});
