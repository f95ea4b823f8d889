import { buildAsyncApi } from './asyncapi';
import { buildSubjectTable } from './subject-table';

/** The generated documents that are committed, by their name in `apps/api-gateway/generated`. */
export function generatedFiles(): Record<string, string> {
  return {
    'asyncapi.json': `${JSON.stringify(buildAsyncApi(), null, 2)}\n`,
    'nats-subjects.md': buildSubjectTable(),
  };
}
