import { Logger, type LogLevel } from './logger';

const loggers = new Map<string, Logger>();

/** The process's logger of a service: modules that need a log before dependency injection runs share it with Nest. */
export function serviceLogger(service: string, config: { readonly LOG_LEVEL: LogLevel }): Logger {
  const key = `${service} ${config.LOG_LEVEL}`;
  let logger = loggers.get(key);
  if (logger === undefined) {
    logger = Logger.create({ service, level: config.LOG_LEVEL });
    loggers.set(key, logger);
  }
  return logger;
}
