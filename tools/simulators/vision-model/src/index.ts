export { DEFAULT_KNOBS, type Knobs } from './api/knobs';
export type { Question } from './api/question';
export { countDolls, type Counts } from './look/count';
export { VisionModelServer, type CallRecord, type VisionModelOptions } from './vision-model';
