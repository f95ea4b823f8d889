import { parseAllDocuments } from 'yaml';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };
export type JsonObject = { [key: string]: Json | undefined };

export interface KubernetesObject extends JsonObject {
  apiVersion: string;
  kind: string;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
export const listOf = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/** For messages: a scalar as it is written, anything else as JSON. */
export const said = (value: Json | undefined): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');

export const nameOf = (object: JsonObject): string => textOf(objectOf(object['metadata'])['name']);
export const labelsOf = (object: JsonObject): JsonObject => objectOf(objectOf(object['metadata'])['labels']);
export const titleOf = (object: JsonObject): string => `${textOf(object['kind'])} ${nameOf(object)}`;

const isKubernetesObject = (value: unknown): value is KubernetesObject =>
  isObject(value) && textOf(value['apiVersion']) !== '' && textOf(value['kind']) !== '';

/**
 * The documents of a rendered chart. As YAML 1.1, which is what Kubernetes reads: there an unquoted `yes` or `on` is no text.
 * Throws on a document that is no object with apiVersion and kind, and on a key that stands twice.
 */
export function parseManifests(text: string): KubernetesObject[] {
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const problem = document.errors[0];
    if (problem !== undefined) throw problem;
    const value = document.toJS() as unknown;
    if (value === null || value === undefined) return [];
    if (!isKubernetesObject(value)) {
      throw new Error(`no Kubernetes object: ${JSON.stringify(value).slice(0, 120)}`);
    }
    return [value];
  });
}
