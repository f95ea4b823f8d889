import { spawnSync } from 'node:child_process';
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { feedCanonical, type Form } from './canonical-form';
import { jsonText, LIMITS } from './json-text.spec-support';
import { readFrame, type SessionMessage } from './read-frame';
import { verifyMessage } from './verify-message';

// A busy machine is a slow machine.
jest.setTimeout(120_000);

/** What the kiosk runs. Reads a list of JSON texts, writes what it would send and sign for each. */
const KIOSK = `
import base64, hashlib, hmac, json, sys

sys.stdin.reconfigure(encoding="utf-8")
sys.stdout.reconfigure(encoding="utf-8")
request = json.load(sys.stdin)
key = base64.b64decode(request["key"])
wires = [
    dict(),
    dict(indent=2),
    dict(separators=(",", ":")),
    dict(sort_keys=True, separators=(",", ":")),
    dict(ensure_ascii=False),
]
out = []
for number, text in enumerate(request["texts"]):
    payload = json.loads(text)
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    seq, timestamp = number + 1, 1700000000000 + number
    signed = f"{request['session_id']}{seq}{timestamp}{canonical}"
    envelope = {
        "session_id": request["session_id"],
        "seq": seq,
        "timestamp": timestamp,
        "payload": payload,
        "hmac": hmac.new(key, signed.encode("utf-8"), hashlib.sha256).hexdigest(),
    }
    frame = {"type": "session_message", "envelope": envelope}
    wire = json.dumps(frame, **wires[number % len(wires)])
    try:
        raw = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        raw.encode("utf-8")
        wire.encode("utf-8")
    except UnicodeEncodeError:
        raw, wire = None, json.dumps(frame)
    out.append({"wire": wire, "canonical": canonical, "raw": raw})
json.dump(out, sys.stdout)
`;

interface Signed {
  readonly wire: string;
  readonly canonical: string;
  readonly raw: string | null;
}

function python(request: object): Signed[] {
  const run = spawnSync('python3', ['-c', KIOSK], { input: JSON.stringify(request), maxBuffer: 1 << 28 });
  if (run.error !== undefined)
    throw new Error(
      'python3 is needed for this test (Debian: apt-get install python3) and could not be run',
      {
        cause: run.error,
      },
    );
  if (run.status !== 0) throw new Error(`python3 failed: ${run.stderr.toString()}`);
  return JSON.parse(run.stdout.toString('utf8')) as Signed[];
}

function messageOf(wire: string): SessionMessage {
  const message = readFrame(Buffer.from(wire), LIMITS);
  if (message.type !== 'session_message') throw new Error('not a message');
  return message;
}

function canonicalPayload(wire: string, form: Form): string {
  const { bytes, payload } = messageOf(wire);
  const chunks: Buffer[] = [];
  feedCanonical({ update: (chunk) => chunks.push(Buffer.from(chunk)) }, bytes, payload, form);
  return Buffer.concat(chunks).toString('utf8');
}

describe('what the Python kiosk sends', () => {
  const sessionId = '7f1c2a34-1111-4222-8333-444455556666';
  const secret = randomBytes(32);
  // Numbers that Python cannot hold would be sent as Infinity, which is no JSON.
  const texts = fc
    .sample(jsonText.object, 700)
    .filter((text) => !/\d[eE]\+?\d{3}|\d{18,}\.?\d*[eE]/.test(text));
  const signed = python({ texts, session_id: sessionId, key: secret.toString('base64') });

  it('is as many texts as we made', () => {
    expect(signed.length).toBeGreaterThan(400);
  });

  it('has the canonical form that Python computes', () => {
    for (const { wire, canonical, raw } of signed) {
      expect(canonicalPayload(wire, 'ascii')).toBe(canonical);
      if (raw !== null) expect(canonicalPayload(wire, 'raw')).toBe(raw);
    }
  });

  it('is verified by the HMAC that Python made', () => {
    const key = createSecretKey(secret);
    for (const { wire } of signed) {
      const message = messageOf(wire);
      expect(verifyMessage(message, key, 'ascii')).toBeDefined();
      expect(verifyMessage(message, key, 'raw')).toBeDefined();
      expect(verifyMessage(message, createSecretKey(randomBytes(32)), 'ascii')).toBeUndefined();
    }
  });

  it('is verified too when strings were signed raw', () => {
    const key = createSecretKey(secret);
    for (const [number, { wire, raw }] of signed.entries()) {
      if (raw === null) continue;
      const head = `${sessionId}${number + 1}${1_700_000_000_000 + number}`;
      const hmac = createHmac('sha256', secret)
        .update(head + raw)
        .digest('hex');
      const message = messageOf(wire);
      expect(verifyMessage({ ...message, hmac }, key, 'ascii')).toBeDefined();
    }
  });
});
