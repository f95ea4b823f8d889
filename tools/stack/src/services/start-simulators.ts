import path from 'node:path';
import { processEnvironment } from '../environment';
import { presentSimulators, type Layout } from '../layout';
import { Child, type ChildContext } from '../supervise/child';
import { localUrl } from './service-urls';

export interface StartSimulatorsOptions {
  layout: Layout;
  context: ChildContext;
  ports: ReadonlyMap<string, number>;
  env: Record<string, string>;
  caller: NodeJS.ProcessEnv;
  children: Child[];
}

/** They are clients that connect out and connect again by themselves, so there is nothing to wait for. */
export async function startSimulators(options: StartSimulatorsOptions): Promise<void> {
  for (const { definition, file } of presentSimulators(options.layout)) {
    const urls = definition.urls.flatMap(({ variable, service, scheme }): [string, string][] => {
      const port = options.ports.get(service);
      return port === undefined ? [] : [[variable, localUrl(port, scheme)]];
    });
    for (const instance of definition.instances) {
      const env = processEnvironment(
        options.env,
        { ...Object.fromEntries(urls), ...instance.env },
        options.caller,
      );
      delete env['PORT']; // the gateway's, when the caller set it: not theirs to listen on
      const child = new Child(
        { name: instance.name, file, cwd: path.dirname(path.dirname(file)), env },
        options.context,
      );
      options.children.push(child);
      child.start();
    }
  }
  return Promise.resolve();
}
