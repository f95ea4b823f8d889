/** The part of a Responses request that matters here. */
export interface Question {
  readonly model: string;
  /** Encoded pictures in the order in which they were sent. */
  readonly pictures: readonly Buffer[];
  /** Properties of the JSON schema the answer has to follow; empty without one. */
  readonly wanted: readonly string[];
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const DATA_URL = /^data:image\/(?:jpeg|png|webp);base64,/;

export class BadQuestion extends Error {
  override readonly name = 'BadQuestion';

  constructor(
    message: string,
    readonly param: string,
  ) {
    super(message);
  }
}

function pictureOf(part: Json): Buffer {
  const url = part['image_url'];
  const prefix = typeof url === 'string' ? DATA_URL.exec(url.slice(0, 64)) : null;
  if (prefix === null)
    throw new BadQuestion('image_url must be a base64 data URL of a JPEG, PNG or WebP', 'input');
  return Buffer.from((url as string).slice(prefix[0].length), 'base64');
}

export function readQuestion(body: unknown): Question {
  if (!isObject(body)) throw new BadQuestion('the body must be a JSON object', 'body');
  const { model, input } = body;
  if (typeof model !== 'string' || model === '') throw new BadQuestion('model is missing', 'model');
  const parts = list(input).flatMap((message) => (isObject(message) ? list(message['content']) : []));
  const pictures = parts
    .filter(isObject)
    .flatMap((part) => (part['type'] === 'input_image' ? [pictureOf(part)] : []));
  const text = isObject(body['text']) ? body['text'] : {};
  const format = isObject(text['format']) ? text['format'] : {};
  const schema = isObject(format['schema']) ? format['schema'] : {};
  return { model, pictures, wanted: Object.keys(isObject(schema['properties']) ? schema['properties'] : {}) };
}
