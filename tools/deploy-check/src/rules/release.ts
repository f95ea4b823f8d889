import {
  isObject,
  labelsOf,
  listOf,
  nameOf,
  objectOf,
  said,
  titleOf,
  type JsonObject,
  type KubernetesObject,
} from '../kubernetes/object';

export interface Pod {
  /** Of what makes it: "Deployment teleop-queue-service". */
  readonly title: string;
  readonly kind: string;
  readonly labels: JsonObject;
  readonly spec: JsonObject;
}

export interface Container {
  readonly title: string;
  readonly pod: Pod;
  readonly spec: JsonObject;
}

/** A rendered chart, with what its objects mean to each other. */
export class Release {
  readonly pods: readonly Pod[];

  constructor(readonly objects: readonly KubernetesObject[]) {
    this.pods = objects.flatMap((object): Pod[] => {
      const template = objectOf(object['spec'])['template'];
      if (!isObject(template)) return [];
      const spec = objectOf(template['spec']);
      return [{ title: titleOf(object), kind: object.kind, labels: labelsOf(template), spec }];
    });
  }

  ofKind(kind: string): KubernetesObject[] {
    return this.objects.filter((object) => object.kind === kind);
  }

  has(kind: string, name: string): boolean {
    return this.ofKind(kind).some((object) => nameOf(object) === name);
  }

  /** Every container, those that run first included. */
  get containers(): Container[] {
    return this.pods.flatMap((pod) =>
      [...listOf(pod.spec['initContainers']), ...listOf(pod.spec['containers'])].map((spec) => ({
        title: `${pod.title}, container ${said(spec['name'])}`,
        pod,
        spec,
      })),
    );
  }

  /** Those that serve: not jobs. */
  get servers(): Container[] {
    return this.containers.filter(({ pod, spec }) =>
      pod.kind === 'Job' ? false : listOf(pod.spec['containers']).includes(spec),
    );
  }

  selected(selector: JsonObject): Pod[] {
    const wanted = Object.entries(selector);
    return this.pods.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
  }
}
