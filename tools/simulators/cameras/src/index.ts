export { CameraServer, type CameraServerOptions } from './camera-server';
export { demoPeople, demoScenes } from './demo';
export { renderScene } from './scene/render';
export type { Person, Scene } from './scene/scene';
export { SimCamera, type SimCameraOptions } from './sim-camera';
