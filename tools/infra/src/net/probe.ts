import net from 'node:net';

/** Connects, sends `question` if there is one, and resolves with the first line that comes back; null when none does in time. */
export async function firstLine(
  port: number,
  question: string | null,
  timeoutMs = 1_000,
): Promise<string | null> {
  return new Promise((resolve) => {
    let received = '';
    const socket = net.connect({ port, host: '127.0.0.1' });
    const finish = (line: string | null): void => {
      socket.destroy();
      resolve(line);
    };
    socket.setTimeout(timeoutMs, () => finish(null));
    socket.once('error', () => finish(null));
    socket.once('close', () => finish(null));
    socket.once('connect', () => question !== null && socket.write(question));
    socket.on('data', (chunk) => {
      received += chunk.toString('utf8');
      const end = received.indexOf('\r\n');
      if (end >= 0) finish(received.slice(0, end));
    });
  });
}
