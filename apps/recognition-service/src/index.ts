/** The engine and the gallery, for tools/recognition-calibration and tools/bench: the same code as in the service. */
export { buildAnalyser } from './engine/build-analyser';
export type { DetectedFace, EngineInfo, Frame, RecognitionEngine } from './engine/engine';
export { ENGINE_DEFAULTS, type EngineSettings } from './engine/engine-settings';
export { startEngine } from './engine/start-engine';
export { calibrationOf, ConfidenceScale, type Calibration } from './gallery/confidence';
export { Gallery, type Enrolled } from './gallery/gallery';
