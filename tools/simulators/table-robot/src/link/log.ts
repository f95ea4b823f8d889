export type Log = (message: string, fields?: Record<string, unknown>) => void;

/** One JSON object a line on stdout, as the services log. */
export const jsonLines =
  (robotId: string): Log =>
  (message, fields = {}) => {
    process.stdout.write(
      `${JSON.stringify({ time: new Date().toISOString(), level: 'info', robotId, msg: message, ...fields })}\n`,
    );
  };

export const silent: Log = () => undefined;
