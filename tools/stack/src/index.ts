export { startStack } from './stack';
export type { Stack, StackOptions, StackProcess, StepReport } from './types';
export type { Layout } from './layout';
