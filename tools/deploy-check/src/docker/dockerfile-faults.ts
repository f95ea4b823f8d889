import { validate } from 'dockerfile-utils';
import { fault, type Fault } from '../fault';

interface Stage {
  readonly from: string;
  readonly name: string;
  /** Instructions, continued lines joined. */
  readonly lines: readonly string[];
}

const MOVING = /:(latest|stable|main)$/;

/** What dockerfile-utils (the linter of editors) says, and what we ask of an image beyond that. */
export function dockerfileFaults(text: string, file: string, services: readonly string[]): Fault[] {
  const syntax = validate(text).map(({ range, message }) =>
    fault(`${file}:${range.start.line + 1}`, typeof message === 'string' ? message : message.value),
  );
  const stages = stagesOf(text);
  const names = stages.map(({ name }) => name);
  return [
    ...syntax,
    ...stages.flatMap((stage) =>
      stageFaults(stage, names).map((what) => fault(`${file}, stage ${stage.name}`, what)),
    ),
    ...finalFaults(stages.at(-1)).map((what) => fault(`${file}, last stage`, what)),
    ...services
      .filter((service) => !names.includes(`for-${service}`))
      .map((service) => fault(file, `has no stage for-${service}`)),
  ];
}

function stagesOf(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const stages: { from: string; name: string; lines: string[] }[] = [];
  for (const line of lines) {
    const [, from, name] = /^FROM (\S+)(?: AS (\S+))?$/.exec(line) ?? [];
    if (from !== undefined) stages.push({ from, name: name ?? from, lines: [] });
    else stages.at(-1)?.lines.push(line);
  }
  return stages;
}

function stageFaults({ from, lines }: Stage, names: readonly string[]): string[] {
  const outside = !names.includes(from) && !from.includes('$');
  return [
    ...(outside && (!from.includes(':') || MOVING.test(from))
      ? [`begins with ${from}, whose tag moves`]
      : []),
    ...lines.flatMap((line) => [
      ...(line.startsWith('ADD ') ? ['uses ADD where COPY is enough'] : []),
      ...(/^(ARG|ENV) .*(SECRET|TOKEN|PASSWORD|KEY)/.test(line)
        ? [`holds a secret: ${line.split('=')[0]}`]
        : []),
      ...(/apt-get install/.test(line) && !/--no-install-recommends/.test(line)
        ? ['installs what is only recommended']
        : []),
      ...(/apt-get install/.test(line) && !/rm -rf \/var\/lib\/apt\/lists/.test(line)
        ? ['keeps the lists of apt']
        : []),
      ...(/npm (ci|install)/.test(line) && !/--ignore-scripts/.test(line)
        ? ['runs scripts of packages']
        : []),
      ...(/npm install/.test(line) ? ['installs other versions than the lock file’s: npm ci'] : []),
    ]),
  ];
}

function finalFaults(stage: Stage | undefined): string[] {
  const of = (instruction: string) => stage?.lines.filter((line) => line.startsWith(`${instruction} `)) ?? [];
  const user = of('USER').at(-1)?.split(' ')[1] ?? '';
  return [
    // Kubernetes can only tell from a number that it is not root.
    ...(/^[1-9]\d*(:[1-9]\d*)?$/.test(user) ? [] : ['does not run as a numbered user other than root']),
    ...(of('HEALTHCHECK').length === 1 ? [] : ['has no HEALTHCHECK']),
    ...(of('ENTRYPOINT').every((line) => line.includes('[')) && of('ENTRYPOINT').length === 1
      ? []
      : ['has no ENTRYPOINT in exec form: a shell would keep SIGTERM to itself']),
  ];
}
