import { EITHER, refused, type BadRequest } from './bad-request';
import type { Context } from './context';
import { matchesTemplate } from './operations';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'LINK'];
const UNKNOWN = [
  '/nope',
  '//',
  '/..',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/.env',
  '/.git/config',
  '/admin',
  '/__proto__',
  '/constructor/prototype',
  "/'; DROP TABLE users; --".replaceAll(' ', '%20'),
  '/%00',
  `/${'a/'.repeat(1_000)}`,
  `/${'a'.repeat(10_000)}`,
];

/** Methods that are not declared, and addresses that lead nowhere. */
export function routeCases(context: Context): BadRequest[] {
  return [...methodCases(context), ...unknownRoutes()];
}

function methodCases(context: Context): BadRequest[] {
  const open = new Set(context.options.openMethods ?? []);
  return context.operations.flatMap((operation) => {
    const good = context.request(operation);
    const declared = context.operations
      .filter((other) => matchesTemplate(other.path, context.pathOf(operation)))
      .map((other) => other.method);
    return METHODS.filter((method) => !declared.includes(method)).map((method) => ({
      name: `${method} where only ${declared.join(', ')} is: ${operation.path}`,
      operation,
      request: { ...good, method },
      // HEAD goes wherever GET does.
      expected:
        open.has(method) || (method === 'HEAD' && declared.includes('GET'))
          ? EITHER
          : refused([400, 404, 405]),
      beforeRouting: true,
    }));
  });
}

function unknownRoutes(): BadRequest[] {
  return UNKNOWN.map((target) => ({
    name: `GET ${target.slice(0, 60)}, which leads nowhere`,
    operation: undefined,
    request: { method: 'GET', target, headers: [] },
    expected: refused([400, 404, 414]),
    beforeRouting: true,
  }));
}
