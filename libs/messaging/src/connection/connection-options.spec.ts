import { connectionOptions } from './connection-options';

const options = (natsUrl: string) => connectionOptions({ natsUrl, name: 'x' });

describe('connection options', () => {
  it('take credentials out of the URL, decoded', () => {
    expect(options('nats://user:p%40ss%2F@host:4333')).toMatchObject({
      servers: ['host:4333'],
      user: 'user',
      pass: 'p@ss/',
    });
    expect(options('nats://s3cret@host')).toMatchObject({ servers: ['host'], token: 's3cret' });
    expect(options('nats://host')).not.toHaveProperty('user');
  });

  it('take several servers, with or without a scheme', () => {
    expect(options('nats://a:1, b:2 ,nats://u:p@c').servers).toEqual(['a:1', 'b:2', 'c']);
    expect(options('nats://a:1,nats://u:p@c')).toMatchObject({ user: 'u', pass: 'p' });
  });

  it('ask for TLS when the URL does', () => {
    expect(options('tls://host:4222')).toHaveProperty('tls');
    expect(options('nats://host:4222')).not.toHaveProperty('tls');
  });

  it('reconnect for ever', () => {
    expect(options('nats://host')).toMatchObject({ maxReconnectAttempts: -1, ignoreAuthErrorAbort: true });
  });

  it('refuse another protocol, without showing the URL’s secrets', () => {
    expect(() => options('http://u:secret@host')).toThrow('begins with nats:// or tls://, not http://');
  });
});
