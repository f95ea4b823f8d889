import { kubernetesTools, type KubernetesTools } from './fetch/kubernetes-tools';
import { Helm } from './helm/helm';
import { ObjectCheck } from './kubernetes/check-object';
import { withCustomModels } from './kubernetes/custom-models';
import { ClientModels } from './kubernetes/models';
import {
  type JsonObject,
  type KubernetesObject,
  listOf,
  nameOf,
  objectOf,
  textOf,
} from './kubernetes/object';
import { lintChart, renderChart, valueSets, VALUES_FOLDER } from './lint-chart';
import { CHART } from './places';
import { Release } from './rules/release';
import { ruleFaults } from './rules/rules';

/** The first run of a machine fetches helm and the models. */
jest.setTimeout(120_000);

describe('the chart', () => {
  let tools: KubernetesTools;
  let check: ObjectCheck;
  let production: readonly KubernetesObject[];

  beforeAll(async () => {
    tools = await kubernetesTools();
    check = new ObjectCheck(withCustomModels(new ClientModels(tools.models)));
    production = (await renderChart(tools.helm, 'production.yaml')).release.objects;
  });

  /** What is said of the production release after one thing in a copy of it was made wrong. */
  function faultsAfter(plant: (of: (kind: string, name?: string) => JsonObject) => void): string[] {
    const objects = structuredClone(production) as KubernetesObject[];
    plant((kind, name = '') => {
      const found = objects.find((object) => object.kind === kind && nameOf(object).includes(name));
      if (found === undefined) throw new Error(`no ${kind} ${name}`);
      return found;
    });
    return [...objects.flatMap((object) => check.faults(object)), ...ruleFaults(new Release(objects))].map(
      ({ where, what }) => `${where}: ${what}`,
    );
  }
  const podOf = (object: JsonObject) => objectOf(objectOf(objectOf(object['spec'])['template'])['spec']);
  const containerOf = (object: JsonObject) => listOf(podOf(object)['containers'])[0]!;
  const specOf = (object: JsonObject) => objectOf(object['spec']);

  it('has no fault with any of its value sets', async () => {
    expect(valueSets()).toEqual(['external.yaml', 'production.yaml', 'small.yaml']);
    expect(await lintChart()).toEqual([]);
  });

  it.each<[string, (of: (kind: string, name?: string) => JsonObject) => void, RegExp]>([
    [
      'an unknown field',
      (of) => (containerOf(of('Deployment'))['imagePolicy'] = 'Always'),
      /containers\[0\]\.imagePolicy: is no field/,
    ],
    ['a missing field', (of) => delete specOf(of('Deployment'))['selector'], /\.spec\.selector: is missing/],
    [
      'a text for a number',
      (of) => (specOf(of('Deployment'))['minReadySeconds'] = '5'),
      /minReadySeconds: must be number/,
    ],
    [
      'a number for a text',
      (of) => (listOf(containerOf(of('Deployment'))['env'])[1]!['value'] = 3000),
      /env\[1\]\.value: must be string/,
    ],
    [
      'a bad quantity',
      (of) => (objectOf(containerOf(of('Deployment'))['resources'])['limits'] = { memory: '1 GB' }),
      /limits\.memory: is no quantity/,
    ],
    ['an object for a list', (of) => (containerOf(of('Deployment'))['ports'] = {}), /ports: must be a list/],
    ['an empty value', (of) => (specOf(of('Service'))['ports'] = null), /\.spec\.ports: is empty/],
    ['a kind nobody knows', (of) => (of('Service')['kind'] = 'Servise'), /Servise is not a known kind/],
    [
      'a kind of an old API',
      (of) => (of('HorizontalPodAutoscaler')['apiVersion'] = 'autoscaling/v2beta2'),
      /is not a known kind/,
    ],
    [
      'a misspelt rule of Prometheus',
      (of) => (listOf(specOf(of('ServiceMonitor'))['endpoints'])[0]!['intervall'] = '15s'),
      /intervall: is no field/,
    ],
  ])('is faulted for %s', (_, plant, said) => {
    expect(faultsAfter(plant).filter((fault) => said.test(fault))).toHaveLength(1);
  });

  it.each<[string, (of: (kind: string, name?: string) => JsonObject) => void, RegExp]>([
    [
      'a pod that may be root',
      (of) => (objectOf(podOf(of('Deployment'))['securityContext'])['runAsNonRoot'] = false),
      /may run as root/,
    ],
    [
      'a root file system that can be written',
      (of) => (objectOf(containerOf(of('Deployment'))['securityContext'])['readOnlyRootFilesystem'] = false),
      /may write to its root/,
    ],
    [
      'kept capabilities',
      (of) => delete objectOf(containerOf(of('Job'))['securityContext'])['capabilities'],
      /Job .*keeps capabilities/,
    ],
    [
      'a moving tag',
      (of) => (containerOf(of('Deployment'))['image'] = 'r.example:5000/teleop/x:latest'),
      /tag moves/,
    ],
    [
      'an image without a tag',
      (of) => (containerOf(of('Deployment'))['image'] = 'r.example:5000/teleop/x'),
      /tag moves/,
    ],
    [
      'a token of the API',
      (of) => delete podOf(of('Deployment'))['automountServiceAccountToken'],
      /token of the cluster/,
    ],
    ['a missing probe', (of) => delete containerOf(of('Deployment'))['startupProbe'], /has no startupProbe/],
    [
      'a liveness probe that asks for dependencies',
      (of) =>
        (objectOf(objectOf(containerOf(of('Deployment'))['livenessProbe'])['httpGet'])['path'] = '/readyz'),
      /is killed when what it depends on is away/,
    ],
    [
      'a grace shorter than the service’s own time',
      (of) => (podOf(of('Deployment', 'vision'))['terminationGracePeriodSeconds'] = 30),
      /vision-service.*is killed after 30 s, but takes up to 65 s/,
    ],
    [
      'no grace at all',
      (of) => delete podOf(of('Deployment', 'vision'))['terminationGracePeriodSeconds'],
      /is killed after 30 s/,
    ],
    [
      'a stop before the endpoints know',
      (of) => {
        const env = listOf(containerOf(of('Deployment'))['env']);
        env.find(({ name }) => name === 'SHUTDOWN_DELAY_MS')!['value'] = '0';
      },
      /stops serving before the endpoints know/,
    ],
    [
      'no requests',
      (of) => (containerOf(of('Deployment'))['resources'] = { limits: { memory: '1Gi' } }),
      /does not say what it needs/,
    ],
    [
      'a rollout that takes replicas away first',
      (of) =>
        (objectOf(objectOf(specOf(of('Deployment'))['strategy'])['rollingUpdate'])['maxUnavailable'] = 1),
      /before its successor serves/,
    ],
    [
      'replicas beside an autoscaler',
      (of) => (specOf(of('Deployment'))['replicas'] = 2),
      /although an autoscaler does/,
    ],
    [
      'all replicas on one node',
      (of) => delete podOf(of('Deployment'))['topologySpreadConstraints'],
      /all its replicas on one node/,
    ],
    [
      'a budget for nobody',
      (of) => (specOf(of('PodDisruptionBudget'))['selector'] = { matchLabels: { a: 'b' } }),
      /PodDisruptionBudget .*selects nothing/,
    ],
    [
      'an autoscaler of nothing',
      (of) => (objectOf(specOf(of('HorizontalPodAutoscaler'))['scaleTargetRef'])['name'] = 'x'),
      /scales Deployment x/,
    ],
    [
      'a port that no container has',
      (of) => (listOf(specOf(of('Service'))['ports'])[0]!['targetPort'] = 'web'),
      /port web, which no container has/,
    ],
    [
      'a Service that selects no pod',
      (of) => (specOf(of('Service'))['selector'] = { a: 'b' }),
      /Service .*selects no pod/,
    ],
    [
      'an Ingress to nowhere',
      (of) =>
        (of('Ingress')['spec'] = {
          rules: [{ http: { paths: [{ pathType: 'Prefix', backend: { service: { name: 'x' } } }] } }],
        }),
      /sends to Service x/,
    ],
    [
      'a mount of no volume',
      (of) => delete podOf(of('Deployment'))['volumes'],
      /mounts tmp, which is no volume/,
    ],
    [
      'a missing account',
      (of) => (podOf(of('Deployment'))['serviceAccountName'] = 'x'),
      /ServiceAccount x, which is not there/,
    ],
    [
      'an ingress rule for everybody',
      (of) => delete listOf(specOf(of('NetworkPolicy', 'queue'))['ingress'])[0]!['from'],
      /has no "from"/,
    ],
    [
      'an egress rule to an empty peer',
      (of) => (listOf(specOf(of('NetworkPolicy', 'queue'))['egress'])[1]!['to'] = [{}]),
      /lets everybody through/,
    ],
    [
      'an egress rule for every port',
      (of) => delete listOf(specOf(of('NetworkPolicy', 'queue'))['egress'])[1]!['ports'],
      /names no port/,
    ],
  ])('is faulted for %s', (_, plant, said) => {
    expect(faultsAfter(plant).filter((fault) => said.test(fault)).length).toBeGreaterThan(0);
  });

  it('is faulted for a pod that no policy selects', () => {
    const faults = faultsAfter((of) => {
      objectOf(objectOf(objectOf(specOf(of('Deployment', 'teach'))['template'])['metadata'])['labels'])[
        'app.kubernetes.io/part-of'
      ] = 'x';
      objectOf(objectOf(objectOf(specOf(of('Deployment', 'teach'))['template'])['metadata'])['labels'])[
        'app.kubernetes.io/name'
      ] = 'x';
    });
    expect(faults).toContain(
      'Deployment teleop-teach-service: may take part in any Egress: no policy selects it',
    );
  });

  it.each([
    ['a misspelt value', 'ingres.enabled=false', /ingres/],
    ['a secret among the settings', 'settings.JWT_SECRET=x', /settings/],
    ['a moving tag', 'image.tag=latest', /tag/],
    ['a service that does not exist', 'services.console.enabled=true', /console/],
    ['a URL with a password', 'nats.url=nats://u:p@host:4222', /nats\.url/],
    ['two copies of a stream', 'nats.streamReplicas=2', /streamReplicas/],
  ])('does not take %s', async (_, set, said) => {
    await expect(
      new Helm(tools.helm, CHART).template(`${VALUES_FOLDER}/production.yaml`, [set]),
    ).rejects.toThrow(said);
  });

  it('gives no password away: secrets come by reference, as files where the service can read them', () => {
    const env = production
      .filter(({ kind }) => kind === 'Deployment')
      .flatMap((object) => listOf(containerOf(object)['env']));
    const named = env.filter(({ name }) => /(SECRET|TOKEN|KEY)(_FILE)?$/.test(textOf(name)));
    expect(named.length).toBeGreaterThan(10);
    for (const { name, value } of named)
      expect([name, value]).toEqual([
        expect.stringMatching(/_FILE$/),
        expect.stringMatching(/^\/var\/run\/secrets\/teleop\//),
      ]);
    expect(production.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(env.find(({ name }) => name === 'DATABASE_URL')).toEqual({
      name: 'DATABASE_URL',
      valueFrom: { secretKeyRef: { name: 'teleop-postgres-app', key: 'uri' } },
    });
  });

  it('migrates one service after the other, and the rows of each after its tables', () => {
    const job = production.find(({ kind }) => kind === 'Job')!;
    const names = [...listOf(podOf(job)['initContainers']), ...listOf(podOf(job)['containers'])].map(
      ({ name }) => name,
    );
    expect(names).toEqual([
      'queue-service-migrate',
      'queue-service-seed',
      'vision-service-migrate',
      'recognition-service-migrate',
      'robot-gateway-migrate',
      'robot-gateway-seed',
      'pairing-service-migrate',
      'teach-service-migrate',
    ]);
    expect(objectOf(objectOf(job['metadata'])['annotations'])).toMatchObject({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-delete-policy': 'before-hook-creation',
    });
  });
});
