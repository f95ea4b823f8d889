import { fault, type Fault } from '../fault';
import { modelNameOf } from './kinds';
import type { Models } from './models';
import { isObject, titleOf, type Json, type JsonObject, type KubernetesObject } from './object';
import { holdsQuantities, isQuantity, scalarCheck } from './scalars';

const LIST = /^Array<(.+)>$/;
const MAP = /^\{ \[key: string\]: (.+); \}$/;

/** Compares objects with the API's models: unknown fields, missing fields, wrong types, bad quantities. */
export class ObjectCheck {
  constructor(private readonly models: Models) {}

  faults(object: KubernetesObject): Fault[] {
    const title = titleOf(object);
    const model = modelNameOf(object);
    if (model === undefined) return [fault(title, `${object.apiVersion} ${object.kind} is not a known kind`)];
    return [...this.value(object, model, '')].map(([path, what]) => fault(`${title} ${path}`.trim(), what));
  }

  private *value(value: Json, type: string, path: string): Generator<[string, string]> {
    if (value === null) {
      yield [path, 'is empty'];
      return;
    }
    const scalar = scalarCheck(type);
    if (holdsQuantities(path) && !isObject(value)) {
      if (!isQuantity(value)) yield [path, `is no quantity: ${JSON.stringify(value)}`];
    } else if (scalar !== undefined) {
      if (!scalar(value)) yield [path, `must be ${type}, is ${JSON.stringify(value).slice(0, 60)}`];
    } else {
      yield* this.compound(value, type, path);
    }
  }

  private *compound(value: Json, type: string, path: string): Generator<[string, string]> {
    const item = LIST.exec(type)?.[1];
    const entry = MAP.exec(type)?.[1];
    if (item !== undefined) {
      if (!Array.isArray(value)) yield [path, 'must be a list'];
      else for (const [index, each] of value.entries()) yield* this.value(each, item, `${path}[${index}]`);
    } else if (!isObject(value)) {
      yield [path, `must be an object (${type})`];
    } else if (entry !== undefined) {
      for (const [key, each] of Object.entries(value)) yield* this.entry(each ?? null, entry, path, key);
    } else {
      yield* this.fields(value, type, path);
    }
  }

  private *entry(value: Json, type: string, path: string, key: string): Generator<[string, string]> {
    if (!holdsQuantities(path)) yield* this.value(value, type, `${path}.${key}`);
    else if (!isQuantity(value)) yield [`${path}.${key}`, `is no quantity: ${JSON.stringify(value)}`];
  }

  private *fields(value: JsonObject, type: string, path: string): Generator<[string, string]> {
    const model = this.models.of(type);
    if (model === undefined) {
      yield [path, `has the type ${type}, which no model describes`];
      return;
    }
    for (const [name, each] of Object.entries(value)) {
      const field = model.get(name);
      if (field === undefined) yield [`${path}.${name}`, 'is no field that Kubernetes knows'];
      else yield* this.value(each ?? null, field.type, `${path}.${name}`);
    }
    for (const field of model.values()) {
      if (field.required && value[field.name] === undefined) yield [`${path}.${field.name}`, 'is missing'];
    }
  }
}
