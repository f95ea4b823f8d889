import { BadRequestException, HttpException, ServiceUnavailableException } from '@nestjs/common';
import { renderProblem } from './problem';
import { ProblemError } from './problem-error';
import { toProblem } from './to-problem';

class DatabaseUnavailable extends Error {
  readonly operational = true;
}

describe('toProblem', () => {
  it.each([
    [new Error('SELECT secret'), 500, 'INTERNAL_ERROR'],
    ['a thrown text', 500, 'INTERNAL_ERROR'],
    [undefined, 500, 'INTERNAL_ERROR'],
    [new DatabaseUnavailable('pg at 10.0.0.1'), 503, 'SERVICE_UNAVAILABLE'],
    [new Error('query failed', { cause: new DatabaseUnavailable('x') }), 503, 'SERVICE_UNAVAILABLE'],
    [new Error("Stream isn't writeable and enableOfflineQueue options is false"), 503, 'SERVICE_UNAVAILABLE'],
    [new ServiceUnavailableException('internal words'), 503, 'SERVICE_UNAVAILABLE'],
    [new HttpException('internal words', 500), 500, 'INTERNAL_ERROR'],
    [new URIError('URI malformed'), 400, 'VALIDATION_FAILED'],
    [new BadRequestException('internal words'), 400, 'BAD_REQUEST'],
    [new HttpException({ code: 'FORBIDDEN', detail: 'no' }, 403), 403, 'FORBIDDEN'],
    [Object.assign(new Error('x'), { statusCode: 404 }), 500, 'INTERNAL_ERROR'],
  ])('turns %p into %i %s without its own words', (error, status, code) => {
    const problem = toProblem(error);
    expect([problem.status, problem.code]).toEqual([status, code]);
    expect(problem.detail).not.toMatch(/secret|internal words|10\.0\.0\.1/);
  });

  it('names the service that did not answer', () => {
    const away = Object.assign(new Error('x'), { name: 'ServiceUnavailable', service: 'vision-service' });
    expect(toProblem(away).detail).toBe('vision-service is not available; try again');
    expect(toProblem(Object.assign(away, { service: 'db-host-7' })).detail).not.toContain('db-host-7');
  });

  it('leaves a ProblemError as it is', () => {
    const error = new ProblemError(409, 'TAKEN', 'It is taken');
    expect(toProblem(error)).toBe(error);
  });
});

describe('renderProblem', () => {
  const error = new ProblemError(403, 'NOT_ACTIVE', 'Not your turn');

  it('is RFC 9457 with code and trace id, and no query string in the instance', () => {
    const { body, headers } = renderProblem(error, '/use_robot?token=abc', 'f'.repeat(32));
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(JSON.parse(body)).toEqual({
      type: 'urn:teleop:problem:NOT_ACTIVE',
      title: 'Forbidden',
      status: 403,
      detail: 'Not your turn',
      instance: '/use_robot',
      code: 'NOT_ACTIVE',
      traceId: 'f'.repeat(32),
    });
  });

  it('adds what the family adds', () => {
    const { body } = renderProblem(error, '/x', '', (problem) => ({ success: false, error: problem.detail }));
    expect(JSON.parse(body)).toMatchObject({ success: false, error: 'Not your turn', code: 'NOT_ACTIVE' });
  });

  it('uses a fixed body to the letter', () => {
    const fixed = new ProblemError(409, 'X', 'x', { body: { success: false, message: 'Lock held by Ann' } });
    const { body, headers } = renderProblem(fixed, '/x', '', () => ({ extra: 1 }));
    expect(body).toBe('{"success":false,"message":"Lock held by Ann"}');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });
});
