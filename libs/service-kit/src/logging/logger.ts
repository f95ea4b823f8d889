import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { currentTrace } from '../tracing/trace-context';
import { redact, redactText } from './redact';

export const LOGGER = Symbol('LOGGER');

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Tests read the lines here; by default standard output. */
  readonly destination?: DestinationStream;
}

type Fields = Record<string, unknown> | Error;
type PinoLevel = Exclude<LogLevel, 'silent'>;

function createPino({ service, level, destination }: LoggerOptions): Pino {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redact },
    // Errors are shaped by redact; pino's own serializer would print whatever a driver attaches to them.
    serializers: { err: (error: unknown) => error },
    mixin: () => {
      const trace = currentTrace();
      return trace === undefined ? {} : { traceId: trace.traceId };
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/**
 * JSON lines with service and trace id, redacted. Ours is `log.warn({ robotId }, 'message')` or `log.warn('message')`;
 * Nest calls the same methods with `(message, context)` and `(message, stack, context)`.
 */
export class Logger implements LoggerService {
  readonly #pino: Pino;

  private constructor(logger: Pino) {
    this.#pino = logger;
  }

  static create(options: LoggerOptions): Logger {
    return new Logger(createPino(options));
  }

  child(bindings: Record<string, unknown>): Logger {
    return new Logger(this.#pino.child(redact(bindings)));
  }

  isLevelEnabled(level: PinoLevel): boolean {
    return this.#pino.isLevelEnabled(level);
  }

  fatal(first: unknown, ...rest: unknown[]): void {
    this.#write('fatal', first, rest);
  }

  error(fields: Fields, message?: string): void;
  error(first: unknown, ...rest: unknown[]): void;
  error(first: unknown, ...rest: unknown[]): void {
    this.#write('error', first, rest);
  }

  warn(fields: Fields, message?: string): void;
  warn(first: unknown, ...rest: unknown[]): void;
  warn(first: unknown, ...rest: unknown[]): void {
    this.#write('warn', first, rest);
  }

  info(fields: Fields, message?: string): void;
  info(first: unknown, ...rest: unknown[]): void;
  info(first: unknown, ...rest: unknown[]): void {
    this.#write('info', first, rest);
  }

  /** Nest's start-up chatter: which route is mapped where is of interest to a developer only. */
  log(first: unknown, ...rest: unknown[]): void {
    this.#write('debug', first, rest);
  }

  debug(first: unknown, ...rest: unknown[]): void {
    this.#write('debug', first, rest);
  }

  verbose(first: unknown, ...rest: unknown[]): void {
    this.#write('trace', first, rest);
  }

  #write(level: PinoLevel, first: unknown, rest: unknown[]): void {
    if (!this.#pino.isLevelEnabled(level)) return;
    if (first instanceof Error) {
      const [message = first.message] = rest.filter((part) => typeof part === 'string');
      this.#pino[level]({ err: first }, redactText(message));
    } else if (typeof first === 'object' && first !== null) {
      this.#pino[level](first, typeof rest[0] === 'string' ? redactText(rest[0]) : undefined);
    } else {
      const texts = rest.filter((part): part is string => typeof part === 'string');
      const stack = texts.find((text) => text.includes('\n    at '));
      const context = texts.findLast((text) => text !== stack);
      this.#pino[level]({ ...(context && { context }), ...(stack && { stack }) }, redactText(String(first)));
    }
  }
}
