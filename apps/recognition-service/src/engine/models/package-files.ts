import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface PackageFolder {
  readonly folder: string;
  readonly version: string;
}

/** Where npm put a package. Not by require.resolve: Human exports neither its package.json nor its models. */
export function packageFolder(name: string): PackageFolder {
  for (const modules of require.resolve.paths(name) ?? []) {
    const manifest = path.join(modules, name, 'package.json');
    if (!existsSync(manifest)) continue;
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { folder: path.dirname(manifest), version };
  }
  throw new Error(`the package ${name} is not installed`);
}
