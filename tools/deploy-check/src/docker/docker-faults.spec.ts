import { composeFaults } from './compose-faults';
import { deployables, dockerFaults, readDocker } from './docker-faults';
import { dockerfileFaults } from './dockerfile-faults';

describe('the Dockerfile', () => {
  const good = readDocker('Dockerfile');
  const faultsOf = (text: string) =>
    dockerfileFaults(text, 'Dockerfile', deployables()).map(({ where, what }) => `${where}: ${what}`);

  it('has no fault, and neither has the compose file', () => {
    expect(dockerFaults()).toEqual([]);
    expect(deployables()).toEqual(
      expect.arrayContaining(['teach-service', 'table-robot', 'attendance-backend']),
    );
  });

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'an unknown instruction',
      (text) => text.replace('STOPSIGNAL', 'STOPSIGNALL'),
      /Dockerfile:\d+: .*STOPSIGNALL/i,
    ],
    ['an unknown flag', (text) => text.replace('--interval=10s', '--intervall=10s'), /intervall/],
    [
      'a moving tag',
      (text) => text.replace('nodejs20-debian12:nonroot', 'nodejs20-debian12:latest'),
      /whose tag moves/,
    ],
    [
      'a base without a tag',
      (text) => text.replaceAll('node:20.20.2-bookworm-slim', 'node'),
      /stage manifests: begins with node/,
    ],
    [
      'a service without a stage',
      (text) => text.replace('FROM plain AS for-kiosk\n', ''),
      /has no stage for-kiosk/,
    ],
    ['root', (text) => text.replace('USER 10001:10001\n', ''), /last stage: does not run as a numbered user/],
    [
      'a user by name',
      (text) => text.replace('USER 10001:10001', 'USER nonroot'),
      /last stage: does not run as a numbered user/,
    ],
    [
      'no health check',
      (text) => text.replace(/HEALTHCHECK[^]*?healthcheck.cjs"\]\n/, ''),
      /last stage: has no HEALTHCHECK/,
    ],
    [
      'a shell as process 1',
      (text) => text.replace('ENTRYPOINT ["/nodejs/bin/node"]', 'ENTRYPOINT /nodejs/bin/node'),
      /would keep SIGTERM/,
    ],
    [
      'a secret',
      (text) => text.replace('ENV NODE_ENV', 'ENV JWT_SECRET=x\nENV NODE_ENV'),
      /holds a secret: ENV JWT_SECRET/,
    ],
    [
      'scripts of packages',
      (text) => text.replace('npm ci --ignore-scripts --omit=dev', 'npm ci --omit=dev'),
      /stage production: runs scripts/,
    ],
    [
      'what is only recommended',
      (text) => text.replace(' --no-install-recommends', ''),
      /stage with-ffmpeg: installs what is only recommended/,
    ],
    ['ADD', (text) => text.replace('COPY --from=production', 'ADD --from=production'), /uses ADD/],
  ])('is faulted for %s', (_, plant, said) => {
    const planted = plant(good);
    expect(planted).not.toBe(good);
    expect(faultsOf(planted).filter((fault) => said.test(fault)).length).toBeGreaterThan(0);
  });
});

describe('the compose file', () => {
  const good = readDocker('compose.yaml');

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'a service that is missing',
      (text) => text.replace('\n  teach-service:\n', '\n  teaching:\n'),
      /has no teach-service/,
    ],
    [
      'an image nobody builds',
      (text) => text.replace(/( {2}arm2:\n.*\n)( {4}image: teleop\/arm)-robot/, '$1$2'),
      /arm2: uses teleop\/arm, which nobody builds/,
    ],
    [
      'a moving tag',
      (text) => text.replace('redis:7.4-alpine', 'redis:latest'),
      /redis: has an image whose tag moves/,
    ],
    [
      'a dependency that is not there',
      (text) => text.replace('depends_on: [api-gateway]', 'depends_on: [gateway]'),
      /depends on gateway/,
    ],
    [
      'a wait for a check that is not there',
      (text) => text.replace(/test: \[CMD, redis-cli, ping\]/, 'start_period: 1s'),
      /the health of redis/,
    ],
    [
      'a wait for what never ends',
      (text) => text.replace(/( {2}migrate-queue:\n[^]*?)restart: 'no'\n/, '$1restart: always\n'),
      /the end of migrate-queue/,
    ],
    ['a mount of no volume', (text) => text.replace('\n  models:\n', '\n'), /mounts models/],
    [
      'a port open to everybody',
      (text) => text.replace("'127.0.0.1:3000:3000'", "'3000:3000'"),
      /publishes a port/,
    ],
    [
      'a root file system that can be written',
      (text) => text.replace('read_only: true', 'read_only: false'),
      /may write/,
    ],
    [
      'a grace that is too short',
      (text) => text.replace('stop_grace_period: 65s', 'stop_grace_period: 10s'),
      /killed after 10 s, but takes up to 60 s/,
    ],
  ])('is faulted for %s', (_, plant, said) => {
    const planted = plant(good);
    expect(planted).not.toBe(good);
    const services = deployables().filter((name) => /-(service|gateway)$/.test(name));
    const faults = composeFaults(planted, services).map(({ where, what }) => `${where}: ${what}`);
    expect(faults.filter((fault) => said.test(fault)).length).toBeGreaterThan(0);
  });
});
