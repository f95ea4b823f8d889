import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ShippedModel } from './catalog';
import { toOnnx } from './to-onnx';

/** Goes up when the converter writes something else than before: older files are not read any more. */
const CONVERTER = 1;

/** Models of the packages as ONNX files, converted once. Files are complete or not there: each is written beside and renamed. */
export class ModelCache {
  constructor(private readonly folder: string) {}

  fileOf(model: ShippedModel): string {
    return path.join(this.folder, `${model.name}-${model.version}-c${CONVERTER}.onnx`);
  }

  /**
   * `open` makes a session of the bytes. A cached file that it refuses (a disk that was full, another's file) is made anew, once.
   */
  async open<T>(model: ShippedModel, open: (onnx: Uint8Array) => Promise<T>): Promise<T> {
    const cached = await this.read(model);
    if (cached !== null) {
      try {
        return await open(cached);
      } catch (error) {
        process.emitWarning(`${this.fileOf(model)} cannot be used and is made anew: ${String(error)}`);
        await rm(this.fileOf(model), { force: true });
      }
    }
    const onnx = toOnnx(await model.read());
    await this.keep(model, onnx);
    return open(onnx);
  }

  private async read(model: ShippedModel): Promise<Uint8Array | null> {
    try {
      return await readFile(this.fileOf(model));
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
      throw error;
    }
  }

  /** A folder that cannot be written costs the conversion at every start (under a second), not the service. */
  private async keep(model: ShippedModel, onnx: Uint8Array): Promise<void> {
    const file = this.fileOf(model);
    const unfinished = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    try {
      await mkdir(this.folder, { recursive: true });
      await writeFile(unfinished, onnx);
      await rename(unfinished, file);
    } catch (error) {
      process.emitWarning(`converted models are not kept in ${this.folder}: ${String(error)}`);
      await rm(unfinished, { force: true }).catch(() => undefined);
    }
  }
}
