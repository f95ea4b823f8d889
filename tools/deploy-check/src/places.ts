import path from 'node:path';
import { workspaceRoot } from '@teleop/infra';

export const ROOT = workspaceRoot(__dirname);
export const K8S = path.join(ROOT, 'k8s');
export const CHART = path.join(K8S, 'chart');
export const DOCS = path.join(ROOT, 'docs');
