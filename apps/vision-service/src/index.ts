/** How evaluations are made, for tools/vision-eval: the same stages, prompts and rules as in the service. */
export { imageKind } from './frames/image-kind';
export { frameOf, MAX_FRAMES, type CameraFrames, type Frame, type MultiViews } from './frames/frame';
export type { Counts, Side } from './judging/counts';
export { judgeViews, type Judgement } from './judging/judge-views';
export { majority } from './judging/majority';
export { Reader } from './judging/reading';
export { sumUsage, Tally, type Usage } from './judging/tally';
export { GuardedModel } from './model/guarded-model';
export { OpenAiModel } from './model/openai-model';
export { parsePrices, type Prices } from './model/prices';
export { PROMPTS, SCENES, type Scene } from './model/prompts';
export { ModelUnavailable, type VisionModel } from './model/vision-model';
