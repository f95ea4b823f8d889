import { isOperational } from '@teleop/contracts';
import { DatabaseUnavailable, isTransient, isUniqueViolation, spoilsConnection, translated } from './errors';

const sqlstate = (code: string) => Object.assign(new Error('from PostgreSQL'), { code });

describe('errors of PostgreSQL', () => {
  it.each([
    ['08006', 'connection failure', true, true],
    ['57P01', 'terminated by an administrator', true, true],
    ['57P02', 'crash shutdown', true, true],
    ['57P03', 'starting up', true, true],
    ['57P05', 'idle for too long', true, true],
    ['25P03', 'idle in a transaction for too long', true, true],
    ['53300', 'too many connections', true, true],
    ['53100', 'disk full', true, false],
    ['25006', 'a read-only standby', true, false],
    ['40001', 'serialization failure', true, false],
    ['40P01', 'deadlock', true, false],
    ['55P03', 'lock time-out', true, false],
    ['57014', 'statement time-out', true, false],
    ['ECONNREFUSED', 'nobody listens', true, true],
    ['ECONNRESET', 'connection reset', true, true],
    ['EAI_AGAIN', 'name server away', true, true],
    ['23505', 'unique violation', false, false],
    ['23503', 'foreign key violation', false, false],
    ['42P01', 'no such table', false, false],
    ['28P01', 'wrong password', false, false],
    ['3D000', 'no such database', false, false],
    ['25P02', 'in a failed transaction', false, false],
    ['22P02', 'not a number', false, false],
  ])('%s (%s): worth another try %s, connection lost %s', (code, _, transient, lost) => {
    expect(isTransient(sqlstate(code))).toBe(transient);
    expect(spoilsConnection(sqlstate(code))).toBe(lost);
  });

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Query read timeout',
    'cached plan must not change result type',
  ])('knows pg’s own "%s" as a connection that is of no more use', (message) => {
    expect(isTransient(new Error(message))).toBe(true);
    expect(spoilsConnection(new Error(message))).toBe(true);
  });

  it('leaves errors of other kinds, and things that are no errors, alone', () => {
    for (const other of [new Error('boom'), 'text', null, undefined, 5, { code: 7 }]) {
      expect(isTransient(other)).toBe(false);
      expect(translated(other)).toBe(other);
    }
  });

  it('become DatabaseUnavailable, which says that it is operational and what caused it', () => {
    const cause = sqlstate('57P01');
    const error = translated(cause);
    expect(error).toBeInstanceOf(DatabaseUnavailable);
    expect(error).toMatchObject({ cause, operational: true, message: 'from PostgreSQL' });
    expect(isOperational(error)).toBe(true);
    expect(isTransient(error)).toBe(true);
    expect(spoilsConnection(error)).toBe(true);
    expect(spoilsConnection(translated(sqlstate('40P01')))).toBe(false);
    expect(translated(error)).toBe(error);
  });

  it('tell a unique violation, by its constraint when one is asked for', () => {
    const error = Object.assign(sqlstate('23505'), { constraint: 'users_pkey' });
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'users_pkey')).toBe(true);
    expect(isUniqueViolation(error, 'other_key')).toBe(false);
    expect(isUniqueViolation(sqlstate('23503'))).toBe(false);
  });
});
