import { buildAsyncApi } from './asyncapi';

/** The generated documents that are committed, by their name in `apps/api-gateway/generated`. */
export function generatedFiles(): Record<string, string> {
  return { 'asyncapi.json': `${JSON.stringify(buildAsyncApi(), null, 2)}\n` };
}
