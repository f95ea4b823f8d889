import type { Server } from 'node:http';
import type { ProblemExtras } from './problem';
import { ProblemError } from './problem-error';
import { answerOnSocket } from './raw-problem';

function problemOf(code: string | undefined): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new ProblemError(431, 'HEADERS_TOO_LARGE', 'The headers of the request are too large');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ProblemError(408, 'REQUEST_TIMEOUT', 'The request did not arrive in time');
  }
  return new ProblemError(400, 'BAD_REQUEST', 'The request is not valid HTTP');
}

/** Requests that Node itself cannot parse are answered as problems too; they never reach a router. */
export function answerClientErrors(server: Server, extras?: ProblemExtras): void {
  server.removeAllListeners('clientError');
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Bytes of an earlier answer may be on their way: another status line in between would garble both.
    const started = (socket as { _httpMessage?: { headersSent?: boolean } })._httpMessage?.headersSent;
    if (error.code === 'ECONNRESET' || !socket.writable || started) {
      socket.destroy(error);
      return;
    }
    answerOnSocket(socket, undefined, problemOf(error.code), extras);
  });
}
