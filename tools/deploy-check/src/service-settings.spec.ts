import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SERVICES } from '@teleop/contracts';
import { parse } from 'yaml';
import { kubernetesTools } from './fetch/kubernetes-tools';
import { readCompose } from './docker/compose-faults';
import { readDocker } from './docker/docker-faults';
import { listOf, objectOf, textOf, type JsonObject } from './kubernetes/object';
import { renderChart, valueSets } from './lint-chart';
import { ROOT } from './places';
import type { Release } from './rules/release';

jest.setTimeout(120_000);

/** Settings of the platform’s, which no service declares. */
const OF_THE_PLATFORM = ['NODE_OPTIONS'];
const present = Object.keys(SERVICES).filter((name) =>
  existsSync(path.join(ROOT, 'apps', name, 'src', 'config.ts')),
);

interface ConfigModule {
  readonly readConfig?: (env: NodeJS.ProcessEnv) => object;
  readonly gatewaySettings?: object;
}

/** Reads an environment as the service does; throws with every fault by name. */
function readAs(service: string, env: Record<string, string>): Record<string, unknown> {
  // By a computed path: these are programs, not libraries of this one.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const load = (folder: string): unknown => require(path.join(ROOT, folder));
  const config = load(`apps/${service}/src/config`) as ConfigModule;
  if (config.readConfig !== undefined) return { ...config.readConfig(env) };
  const kit = load('libs/service-kit/src') as {
    loadConfig(settings: object, env: NodeJS.ProcessEnv): object;
  };
  return { ...kit.loadConfig(config.gatewaySettings!, env) };
}

const releases: Release[] = [];
beforeAll(async () => {
  const { helm } = await kubernetesTools();
  for (const file of valueSets()) releases.push((await renderChart(helm, file)).release);
});

describe.each(present)('what %s is told', (service) => {
  /** Its environment in the chart. Secrets and what comes by reference get a value of the right kind. */
  function environments(): Record<string, string>[] {
    return releases.flatMap((release) =>
      release.servers
        .filter(({ spec }) => spec['name'] === service)
        .map(({ spec }) =>
          Object.fromEntries(listOf(spec['env']).map((entry) => [textOf(entry['name']), valueOf(entry)])),
        ),
    );
  }

  function valueOf(entry: JsonObject): string {
    if (typeof entry['value'] === 'string') return entry['value'];
    const scheme = { DATABASE_URL: 'postgres', NATS_URL: 'nats', REDIS_URL: 'redis' }[textOf(entry['name'])];
    return `${scheme}://user:password@host:1234/x`;
  }

  /** `NAME_FILE` of a mounted secret as `NAME`: its file is not here. */
  const withSecrets = (env: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(env).map(([name, value]) => {
        if (!name.endsWith('_FILE')) return [name, value];
        const secret = name.replace('_FILE', '');
        return [
          secret,
          secret === 'URL_AES_KEY' ? Buffer.alloc(32, 7).toString('base64') : `production-${secret}`,
        ];
      }),
    );

  it('in the chart lets it start in production', () => {
    expect(environments().length).toBeGreaterThan(0);
    for (const env of environments()) {
      const config = readAs(service, withSecrets(env));
      expect(config).toMatchObject({
        NODE_ENV: 'production',
        PORT: SERVICES[service as keyof typeof SERVICES],
      });
    }
  });

  it('in the chart and the compose file are settings that it knows', () => {
    const compose = objectOf(readCompose(readDocker('compose.yaml'))['services']);
    const composed = objectOf(objectOf(compose[service])['environment']);
    const known = Object.keys(readAs(service, withSecrets(environments()[0]!)));
    for (const env of [...environments().map(withSecrets), composed]) {
      // A shared block of the compose file names what all services know between them.
      const shared = env === composed ? ['GATEWAY_PUBLIC_URL'] : OF_THE_PLATFORM;
      expect(Object.keys(env).filter((name) => ![...known, ...shared].includes(name))).toEqual([]);
    }
  });

  it('in the compose file lets it start in development', () => {
    const compose = objectOf(readCompose(readDocker('compose.yaml'))['services']);
    const env = objectOf(objectOf(compose[service])['environment']) as Record<string, string>;
    expect(readAs(service, env)).toMatchObject({
      DATABASE_URL: 'postgres://teleop:teleop@postgres:5432/teleop',
    });
  });

  it('leaves it as much time to stop as it wants by itself', () => {
    const own = Number(readAs(service, {})['SHUTDOWN_TIMEOUT_MS']);
    for (const env of environments()) expect(Number(env['SHUTDOWN_TIMEOUT_MS'])).toBeGreaterThanOrEqual(own);
  });
});

describe('deployables', () => {
  it('are the same in the chart and in the contracts, on the same ports', () => {
    const values = parse(readFileSync(path.join(ROOT, 'k8s', 'chart', 'values.yaml'), 'utf8')) as JsonObject;
    const ports = Object.entries(objectOf(values['services'])).map(([name, service]) => [
      name,
      objectOf(service)['port'],
    ]);
    expect(Object.fromEntries(ports)).toEqual(SERVICES);
  });
});
