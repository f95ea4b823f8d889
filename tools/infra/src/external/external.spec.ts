import { natsOptions } from './check-nats';
import { ExternalServer, withoutSecrets } from './external-server';

describe('servers given by URL', () => {
  it('hand NATS credentials to the client, which would ignore them in the URL', () => {
    expect(natsOptions('nats://me:p%40ss@one:4222,two:4223')).toEqual({
      servers: ['nats://one:4222', 'nats://two:4223'],
      user: 'me',
      pass: 'p@ss',
    });
    expect(natsOptions('nats://token@one:4222')).toEqual({ servers: ['nats://one:4222'], token: 'token' });
    expect(natsOptions('localhost:4222')).toEqual({ servers: ['nats://localhost:4222'] });
  });

  it('are named in messages without their secrets', () => {
    expect(withoutSecrets('postgres://me:secret@db.example:6000/x')).toBe('db.example:6000');
    expect(withoutSecrets('::: not a url')).toBe('(not a URL)');
  });

  it('have their usual port when the URL names none', () => {
    expect(new ExternalServer('redis', 'redis://cache', 6379).port).toBe(6379);
  });
});
