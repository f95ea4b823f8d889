const PAGE_BYTES = 65_536;

export interface Instance {
  /** At least as many bytes as asked for. */
  readonly memory: ArrayBuffer;
  readonly run: (...parameters: number[]) => number;
}

/** Throws where `isSupported` says no. */
export function instantiate(code: Uint8Array, bytes: number): Instance {
  const { Memory, Module, Instance } = webAssembly();
  const memory = new Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const { run } = new Instance(new Module(code), { env: { memory } }).exports as Pick<Instance, 'run'>;
  return { memory: memory.buffer, run };
}

export function isSupported(code: Uint8Array): boolean {
  return webAssembly().validate(code);
}

interface WebAssemblyApi {
  validate(code: Uint8Array): boolean;
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}

function webAssembly(): WebAssemblyApi {
  // Node's types leave WebAssembly to the DOM's.
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}
