import { gzipSync } from 'node:zlib';
import { ANSWERED, EITHER, invalid, refused, type BadRequest, type Expectation } from './bad-request';
import { JSON_TYPE, type Context } from './context';
import type { Operation } from './operations';

const LEVELS = 10_000;
type Body = readonly [name: string, body: string | Buffer | undefined, expected: Expectation];

/** Bodies that are wrong as a whole, or strange but good. */
export function bodyCases(context: Context): BadRequest[] {
  return context.operations.flatMap((operation) => {
    if (operation.body === undefined) return strayBodies(context, operation);
    const good = context.bodyWith(operation);
    return [...notAnObject(context, operation, good), ...notJson(good), ...strangeButGood(context, good)].map(
      ([name, body, expected]) => ({
        name: `${operation.name} with ${name}`,
        operation,
        request: context.request(operation, { json: body, headers: [JSON_TYPE] }),
        expected,
      }),
    );
  });
}

function notAnObject(context: Context, operation: Operation, good: string): Body[] {
  const required = context.properties(operation).filter(([, , isRequired]) => isRequired);
  const missing = required.length > 0 ? invalid(...required.map(([name]) => name)) : ANSWERED;
  const body = invalid('body');
  return [
    ['no body', undefined, operation.bodyOptional ? ANSWERED : body],
    ['null as body', 'null', body],
    ['true as body', 'true', body],
    ['a number as body', '5', body],
    ['a string as body', '"text"', body],
    ['an empty array as body', '[]', body],
    ['the good body in an array', `[${good}]`, body],
    ['an empty object', '{}', missing],
    ['10,000 arrays as body', '['.repeat(LEVELS) + ']'.repeat(LEVELS), body],
    ['100,000 arrays as body', '['.repeat(10 * LEVELS) + ']'.repeat(10 * LEVELS), body],
    ['10,000 objects as body', '{"a":'.repeat(LEVELS) + '1' + '}'.repeat(LEVELS), missing],
    ['__proto__ carrying the fields', `{"__proto__":${good}}`, invalid('body')],
    [
      'constructor.prototype beside the fields',
      `{"constructor":{"prototype":{"polluted":true}}${good === '{}' ? '' : ','}${good.slice(1)}`,
      invalid('body'),
    ],
  ];
}

function notJson(good: string): Body[] {
  const quoted: [string, string][] = good.includes('"') ? [['single quotes', good.replaceAll('"', "'")]] : [];
  const texts: [string, string | Buffer][] = [
    ...quoted,
    ['half a body', good.slice(0, -1)],
    ['a quarter of a body', good.slice(0, Math.ceil(good.length / 4))],
    ['rubbish after the body', `${good}}`],
    ['two bodies', good + good],
    ['a trailing comma', `${good.slice(0, -1)},}`],
    ['a comment', `/* */${good}`],
    ['NaN in the body', `${good.slice(0, -1)},"x":NaN}`],
    ['undefined', 'undefined'],
    ['a form', 'userId=1&robotId=arm1'],
    ['XML', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['a raw line break in a string', '{"a":"\n"}'],
    ['a raw NUL', `${good}\0`],
    ['UTF-16', Buffer.from(good, 'utf16le')],
    ['random bytes', Buffer.from([0x80, 0xff, 0x00, 0xc0, 0xaf])],
    ['gzip that nobody announced', gzipSync(good)],
    ['white space only', '   \r\n '],
  ];
  return texts.map(([name, text]) => [name, text, invalid('body')]);
}

function strangeButGood(context: Context, good: string): Body[] {
  const withMembers = (members: string) =>
    good === '{}' ? `{${members}}` : `${good.slice(0, -1)},${members}}`;
  const unknown = (text: string) => withMembers(`"unknown_field":${text}`);
  const padding = (bytes: number) => good + ' '.repeat(bytes - Buffer.byteLength(good));
  const keys = Array.from({ length: 10_000 }, (_, index) => `"k${index}":1`).join(',');
  return [
    ['an unknown field of 10,000 levels', unknown('['.repeat(LEVELS) + ']'.repeat(LEVELS)), ANSWERED],
    ['an unknown field with NUL and half a pair', unknown('"\\u0000\\ud800"'), ANSWERED],
    ['an unknown field of 1e400', unknown('1e400'), ANSWERED],
    ['an unknown field named constructor', withMembers('"constructor":"x"'), ANSWERED],
    ['a null field named constructor', withMembers('"constructor":null'), ANSWERED],
    ['an empty object named constructor', withMembers('"constructor":{}'), ANSWERED],
    [
      'fields named like methods',
      withMembers('"toString":1,"hasOwnProperty":1,"toJSON":1,"then":1'),
      ANSWERED,
    ],
    ['10,000 unknown fields', withMembers(keys), ANSWERED],
    ['a byte order mark', `\ufeff${good}`, EITHER],
    ['as many bytes as are allowed', padding(context.bodyLimit), ANSWERED],
    ['one byte more than allowed', padding(context.bodyLimit + 1), refused(413)],
    ['4 MB', padding(4 * 1024 * 1024), refused(413)],
  ];
}

/** Bodies sent to operations that take none: what is not read cannot be wrong, what is read must not break anything. */
function strayBodies(context: Context, operation: Operation): BadRequest[] {
  const stray: [string, string | Buffer][] = [
    ['half a body', '{"a":'],
    ['a good body', '{"userId":null}'],
    ['random bytes', Buffer.from([0x80, 0xff, 0x00, 0xc0, 0xaf])],
  ];
  return stray.map(([name, json]) => ({
    name: `${operation.name}, which takes no body, with ${name}`,
    operation,
    request: context.request(operation, { json, headers: [JSON_TYPE] }),
    expected: EITHER,
    beforeRouting: true,
  }));
}
