import type { ShippedModel } from '../models/catalog';

/** Numbers with their shape, batch first, channels second. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Network {
  /** Names of the outputs, in the order in which `run` answers. */
  readonly outputs: readonly string[];
  /** `input` may be written to again once the promise is settled. */
  run(input: Tensor): Promise<Tensor[]>;
  close(): Promise<void>;
}

/** Makes networks of what the packages ship, or of an ONNX file. */
export interface Networks {
  readonly backend: string;
  shipped(model: ShippedModel): Promise<Network>;
  /** Throws where the backend cannot read ONNX. */
  file(path: string): Promise<Network>;
}
