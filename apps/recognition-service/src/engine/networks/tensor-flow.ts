/** As much of tfjs as runs our networks. Human bundles or requires the rest itself. */
export interface TfTensor {
  readonly shape: number[];
  data(): Promise<Float32Array>;
  dispose(): void;
}

type Pads = readonly (readonly [number, number])[];

export interface TensorFlow {
  setWasmPaths?(folder: string): void;
  setThreadsCount?(count: number): void;
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tidy<T>(work: () => T): T;
  keep(tensor: TfTensor): TfTensor;
  tensor(data: Float32Array, shape: readonly number[]): TfTensor;
  transpose(x: TfTensor, order: readonly number[]): TfTensor;
  reshape(x: TfTensor, shape: readonly number[]): TfTensor;
  conv2d(x: TfTensor, filters: TfTensor, strides: readonly number[], pad: 'valid'): TfTensor;
  depthwiseConv2d(x: TfTensor, filters: TfTensor, strides: readonly number[], pad: 'valid'): TfTensor;
  maxPool(x: TfTensor, kernel: readonly number[], strides: readonly number[], pad: 'valid'): TfTensor;
  avgPool(x: TfTensor, kernel: readonly number[], strides: readonly number[], pad: 'valid'): TfTensor;
  pad(x: TfTensor, pads: Pads): TfTensor;
  add(a: TfTensor, b: TfTensor): TfTensor;
  mul(a: TfTensor, b: TfTensor): TfTensor;
  matMul(a: TfTensor, b: TfTensor): TfTensor;
  relu(x: TfTensor): TfTensor;
  prelu(x: TfTensor, slopes: TfTensor): TfTensor;
  sigmoid(x: TfTensor): TfTensor;
  softmax(x: TfTensor): TfTensor;
  mean(x: TfTensor, axes: readonly number[]): TfTensor;
}
