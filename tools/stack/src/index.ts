export { startStack } from './stack';
export { GATEWAY, SERVICES } from './services';
export type { Stack, StackOptions, StackProcess, StepReport } from './types';
export type { Layout } from './layout';
