import { parse } from 'yaml';
import { fault, type Fault } from '../fault';
import { isObject, objectOf, textOf, type Json, type JsonObject } from '../kubernetes/object';

/** The file with its anchors resolved. It is ours: that it has many of them is no attack. */
export const readCompose = (text: string): JsonObject =>
  parse(text, { merge: true, maxAliasCount: -1 }) as JsonObject;

/** Structure, references and safety of the compose file. `services`: deployables that must be in it. */
export function composeFaults(text: string, services: readonly string[]): Fault[] {
  const compose = readCompose(text);
  const all = objectOf(compose['services']);
  const volumes = Object.keys(objectOf(compose['volumes']));
  const built = new Set(
    Object.values(all)
      .map(objectOf)
      .filter((service) => service['build'] !== undefined)
      .map((service) => textOf(service['image'])),
  );
  return [
    ...services.filter((name) => all[name] === undefined).map((name) => fault('compose', `has no ${name}`)),
    ...Object.entries(all).flatMap(([name, value]) => {
      const service = objectOf(value);
      return [
        ...imageFaults(service, built),
        ...dependencyFaults(service, all),
        ...mountFaults(service, volumes),
        ...(built.has(textOf(service['image'])) ? hardeningFaults(service) : []),
        ...(services.includes(name) ? graceFaults(service) : []),
      ].map((what) => fault(`compose, ${name}`, what));
    }),
  ];
}

const listed = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value : []).filter((each): each is string => typeof each === 'string');

function imageFaults(service: JsonObject, built: ReadonlySet<string>): string[] {
  const image = textOf(service['image']);
  if (image === '') return ['has no image'];
  if (built.has(image)) return [];
  if (image.startsWith('teleop/')) return [`uses ${image}, which nobody builds`];
  return /:\d/.test(image) ? [] : [`has an image whose tag moves: ${image}`];
}

function dependencyFaults(service: JsonObject, all: JsonObject): string[] {
  const depends = service['depends_on'];
  const names = isObject(depends)
    ? Object.entries(depends)
    : listed(depends).map((name) => [name, {}] as const);
  return names.flatMap(([name, how]) => {
    const other = all[name];
    if (other === undefined) return [`depends on ${name}, which is not there`];
    const condition = textOf(objectOf(how)['condition']);
    const check = objectOf(objectOf(other)['healthcheck']);
    if (condition === 'service_healthy' && (check['disable'] === true || check['test'] === undefined)) {
      return [`waits for the health of ${name}, which has no check`];
    }
    if (condition === 'service_completed_successfully' && objectOf(other)['restart'] !== 'no') {
      return [`waits for the end of ${name}, which is restarted`];
    }
    return [];
  });
}

const mountFaults = (service: JsonObject, volumes: readonly string[]): string[] =>
  listed(service['volumes'])
    .map((mount) => mount.split(':')[0] ?? '')
    .filter((source) => !volumes.includes(source))
    .map((source) => `mounts ${source}, which is no volume`);

function hardeningFaults(service: JsonObject): string[] {
  return [
    ...(service['read_only'] === true ? [] : ['may write to its root file system']),
    ...(listed(service['cap_drop']).includes('ALL') ? [] : ['keeps capabilities']),
    ...(listed(service['ports']).every((port) => port.startsWith('127.0.0.1:'))
      ? []
      : ['publishes a port beyond this machine']),
  ];
}

function graceFaults(service: JsonObject): string[] {
  const grace = Number.parseInt(textOf(service['stop_grace_period']), 10);
  const needed = Number(objectOf(service['environment'])['SHUTDOWN_TIMEOUT_MS']) / 1_000;
  return grace > needed ? [] : [`is killed after ${grace} s, but takes up to ${needed} s to stop`];
}
