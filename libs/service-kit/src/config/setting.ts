/** What a setting's text means, and why it may be wrong. `parse` throws an Error whose message follows the name. */
export interface Setting<T> {
  readonly parse: (text: string) => T;
  readonly default: T;
  /** True: a start without it fails. */
  readonly required: boolean;
  /** Secrets: the value only development may run with. */
  readonly devDefault?: string;
  readonly isSecret: boolean;
}

interface Optional<T> {
  readonly default?: T;
}

type Result<T, O> = O extends { optional: true } ? T | undefined : T;

function kind<T, O extends { default?: T; optional?: boolean } | undefined>(
  parse: (text: string) => T,
  options: O,
): Setting<Result<T, O>> {
  return {
    parse: parse,
    default: options?.default as Result<T, O>,
    required: options?.default === undefined && !options?.optional,
    isSecret: false,
  };
}

interface TextOptions extends Optional<string> {
  readonly optional?: boolean;
  readonly pattern?: RegExp;
}

function string<const O extends TextOptions | undefined = undefined>(options?: O) {
  return kind<string, O>((text) => {
    if (options?.pattern && !options.pattern.test(text))
      throw new Error(`must match ${String(options.pattern)}`);
    return text;
  }, options as O);
}

interface IntOptions extends Optional<number> {
  readonly optional?: boolean;
  readonly min?: number;
  readonly max?: number;
}

function int<const O extends IntOptions | undefined = undefined>(options?: O) {
  return kind<number, O>((text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new Error('must be a whole number');
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = options ?? {};
    if (value < min || value > max) throw new Error(`must be from ${min} to ${max}`);
    return value;
  }, options as O);
}

const BOOLEANS: Record<string, boolean> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
};

function bool<const O extends (Optional<boolean> & { optional?: boolean }) | undefined = undefined>(
  options?: O,
) {
  return kind<boolean, O>((text) => {
    const value = BOOLEANS[text.toLowerCase()];
    if (value === undefined) throw new Error('must be true or false');
    return value;
  }, options as O);
}

interface UrlOptions extends Optional<string> {
  readonly optional?: boolean;
  /** Without the colon, e.g. ['postgres', 'postgresql']. */
  readonly protocols?: readonly string[];
}

function url<const O extends UrlOptions | undefined = undefined>(options?: O) {
  return kind<string, O>((text) => {
    // The text itself is not repeated: it may hold a password.
    if (!URL.canParse(text)) throw new Error('must be a URL');
    const protocol = new URL(text).protocol.slice(0, -1);
    if (options?.protocols && !options.protocols.includes(protocol)) {
      throw new Error(`must be a URL with ${options.protocols.map((p) => `${p}://`).join(' or ')}`);
    }
    return text;
  }, options as O);
}

function list<const O extends (Optional<readonly string[]> & { optional?: boolean }) | undefined = undefined>(
  options?: O,
) {
  const parse = (text: string): readonly string[] =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);
  return kind<readonly string[], O>(parse, options as O);
}

function oneOf<
  const V extends readonly string[],
  const O extends Optional<V[number]> & { optional?: boolean },
>(values: V, options?: O): Setting<Result<V[number], O>> {
  return kind<V[number], O>((text) => {
    if (!values.includes(text)) throw new Error(`must be one of ${values.join(', ')}`);
    return text;
  }, options as O);
}

interface SecretOptions {
  readonly devDefault?: string;
  readonly optional?: boolean;
}

function secretSetting<T, O extends SecretOptions | undefined>(parse: (text: string) => T, options: O) {
  return {
    parse,
    default: undefined,
    required: !options?.optional,
    devDefault: options?.devDefault,
    isSecret: true,
  } as unknown as Setting<O extends { optional: true; devDefault?: undefined } ? T | undefined : T>;
}

function secret<const O extends SecretOptions | undefined = undefined>(options?: O) {
  return secretSetting<string, O>((text) => text, options as O);
}

/** A key of `bytes` bytes as standard base64; the value is a Buffer. */
function base64<const O extends SecretOptions & { bytes: number }>(options: O) {
  return secretSetting<Buffer, O>((text) => {
    const key = Buffer.from(text, 'base64');
    if (
      key.length !== options.bytes ||
      key.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')
    ) {
      throw new Error(`must be base64 of ${options.bytes} bytes`);
    }
    return key;
  }, options);
}

/** Kinds of settings. Without `default` or `optional` a setting is required. Numbers are not below `min` (0). */
export const setting = { string, int, bool, url, list, oneOf, secret, base64 };
