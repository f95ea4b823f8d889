import { processEnvironment, stackEnvironment } from './environment';

const addresses = {
  databaseUrl: 'postgres://db',
  natsUrl: 'nats://n',
  redisUrl: 'redis://r',
  serviceUrls: { QUEUE_SERVICE_URL: 'http://127.0.0.1:3101' },
  robotDiscoveryPort: 'off',
};

describe('what services are told', () => {
  it('spells out the defaults in force', () => {
    expect(stackEnvironment(addresses, {})).toMatchObject({
      NODE_ENV: 'development',
      DATABASE_URL: 'postgres://db',
      QUEUE_SERVICE_URL: 'http://127.0.0.1:3101',
      JWT_SECRET: 'dev-jwt-secret',
      INTERNAL_API_TOKEN: 'dev-internal-token',
      ROBOT_API_KEY: 'secret-robot-key',
      RECOGNITION_API_KEY: 'dev-recognition-key',
      SESSION_SECONDS: '300',
      ROBOT_DISCOVERY_PORT: 'off',
    });
  });

  it('yields to the caller, by value or by file', () => {
    const env = stackEnvironment(addresses, {
      SESSION_SECONDS: '7',
      JWT_SECRET_FILE: '/run/jwt',
      QUEUE_SERVICE_URL: 'http://else',
    });
    expect(env).toMatchObject({ SESSION_SECONDS: '7', QUEUE_SERVICE_URL: 'http://else' });
    expect(env).not.toHaveProperty('JWT_SECRET');
  });

  it('does not show what the caller has besides', () => {
    expect(stackEnvironment(addresses, { AWS_SECRET: 'x' })).not.toHaveProperty('AWS_SECRET');
  });

  it('gives each process its own port, whatever PORT the caller had for the gateway', () => {
    expect(processEnvironment({ HOST: 'h' }, { PORT: '3101' }, { PORT: '3000', HOME: '/h' })).toEqual({
      HOME: '/h',
      HOST: 'h',
      PORT: '3101',
    });
  });
});
