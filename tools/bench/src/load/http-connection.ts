import net from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One keep-alive HTTP/1.1 connection, one request at a time, answers with a Content-Length only. By hand, because an
 * HTTP client library would take more of the two cores than the floor under test does.
 */
export class HttpConnection {
  readonly #socket: net.Socket;
  readonly #opened: Promise<void>;
  #received = '';
  #resolve: ((answer: Answer) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;
  #broken: Error | undefined;

  constructor(
    private readonly host: string,
    port: number,
  ) {
    this.#socket = net.connect({ host, port, noDelay: true });
    // Bodies are ASCII here: characters are bytes.
    this.#socket.setEncoding('latin1');
    this.#opened = new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve);
      this.#socket.once('error', reject);
    });
    this.#socket.on('error', (error) => this.fail(error));
    this.#socket.on('close', () => this.fail(new Error('the server closed the connection')));
    this.#socket.on('data', (text: Buffer | string) => this.take(String(text)));
  }

  opened(): Promise<void> {
    return this.#opened;
  }

  send(method: string, path: string, headers = '', body = ''): Promise<Answer> {
    const length = body === '' ? '' : `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`;
    return new Promise((resolve, reject) => {
      if (this.#broken !== undefined) return reject(this.#broken);
      this.#resolve = resolve;
      this.#reject = reject;
      this.#socket.write(
        `${method} ${path} HTTP/1.1\r\nHost: ${this.host}\r\n${headers}${length}\r\n${body}`,
      );
    });
  }

  close(): void {
    this.#broken ??= new Error('closed');
    this.#socket.destroy();
  }

  private take(text: string): void {
    this.#received = this.#received === '' ? text : this.#received + text;
    const head = this.#received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.#received.slice(0, head));
    if (length === null) {
      this.fail(new Error(`an answer without Content-Length: ${this.#received.slice(0, head)}`));
      return;
    }
    const end = head + 4 + Number(length[1]);
    if (this.#received.length < end) return;
    const answer = {
      status: Number(this.#received.slice(9, 12)),
      body: this.#received.slice(head + 4, end),
    };
    this.#received = this.#received.slice(end);
    const resolve = this.#resolve;
    this.#resolve = this.#reject = undefined;
    resolve?.(answer);
  }

  private fail(error: Error): void {
    this.#broken ??= error;
    const reject = this.#reject;
    this.#resolve = this.#reject = undefined;
    reject?.(error);
    this.#socket.destroy();
  }
}

export async function openConnections(origin: string, count: number): Promise<HttpConnection[]> {
  const { hostname, port } = new URL(origin);
  const connections = Array.from({ length: count }, () => new HttpConnection(hostname, Number(port)));
  await Promise.all(connections.map((connection) => connection.opened()));
  return connections;
}
