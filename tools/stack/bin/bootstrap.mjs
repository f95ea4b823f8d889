/**
 * What has to be true before any of our TypeScript can run: Node new enough, dependencies installed, sources compiled. Plain
 * JavaScript without dependencies, in syntax that an old Node still parses, or its message would be a syntax error.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM = [20, 19];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/** Ends the process with one readable message. */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** `patterns` say what is to be compiled: folders of the workspace, or all below one (`apps/*`). References come along. */
export function bootstrap(patterns) {
  requireNode();
  step('dependencies', installWhatIsMissing);
  step('compiled', () => compile(patterns.flatMap(projectsIn)));
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  fail(
    `Node ${MINIMUM.join('.')} or newer is needed; this is ${process.versions.node}. ` +
      'Install it from nodejs.org, or with nvm (`nvm install` reads .nvmrc).',
  );
}

function step(name, work) {
  const begun = Date.now();
  const note = work();
  process.stdout.write(
    `✓ ${(name + (note ? ` (${note})` : '')).padEnd(48)} ${((Date.now() - begun) / 1000).toFixed(1)} s\n`,
  );
}

function installWhatIsMissing() {
  const lockText = read('package-lock.json');
  if (lockText === null) fail(`There is no package-lock.json in ${root}: the checkout is incomplete.`);
  const hash = createHash('sha256').update(lockText).digest('hex');
  const marker = path.join(root, 'node_modules', '.teleop-lock-hash');
  if (read(marker) === hash) return 'as locked';
  const installed = installedAsLocked(JSON.parse(lockText));
  if (!installed) {
    process.stdout.write('  installing dependencies (npm ci)...\n');
    npmCi();
  }
  writeFileSync(marker, hash);
  return installed ? 'as locked' : 'installed';
}

/** npm keeps what it installed in node_modules/.package-lock.json: someone may have run npm by hand. */
function installedAsLocked(lock) {
  const text = read(path.join('node_modules', '.package-lock.json'));
  if (text === null) return false;
  const found = JSON.parse(text).packages || {};
  return Object.entries(lock.packages || {}).every(([place, wanted]) => {
    if (!place.includes('node_modules/') || wanted.optional || wanted.devOptional || wanted.peer) return true;
    return found[place] !== undefined && found[place].version === wanted.version;
  });
}

function npmCi() {
  const script = process.env.npm_execpath;
  const viaNode = script !== undefined && script.endsWith('npm-cli.js');
  const [command, prefix] = viaNode ? [process.execPath, [script]] : ['npm', []];
  const result = spawnSync(command, [...prefix, 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.error) fail(`npm could not be run (${result.error.message}). Install it together with Node.`);
  if (result.status !== 0) {
    fail(
      'npm ci failed; its message is above. A registry that cannot be reached and a full disk are the usual reasons.',
    );
  }
}

/** Incrementally; the list is made here so that a new project needs no entry anywhere. */
function compile(configs) {
  const folder = path.join(root, 'node_modules', '.cache', 'teleop-stack');
  mkdirSync(folder, { recursive: true });
  const solution = path.join(
    folder,
    `tsconfig.${createHash('sha256').update(configs.join()).digest('hex').slice(0, 8)}.json`,
  );
  writeFileSync(
    solution,
    JSON.stringify({ files: [], references: configs.map((file) => ({ path: file })) }, null, 2),
  );
  const compiler = path.join(root, 'node_modules', 'typescript7', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [compiler, '-b', solution], { cwd: root, stdio: 'inherit' });
  if (result.error) fail(`The TypeScript compiler could not be run: ${result.error.message}`);
  if (result.status !== 0) fail('The sources do not compile; the errors are above.');
  return `${configs.length} projects`;
}

function projectsIn(pattern) {
  const folders = pattern.endsWith('/*') ? childrenOf(pattern.slice(0, -2)) : [path.join(root, pattern)];
  return folders
    .map((folder) => path.join(folder, 'tsconfig.lib.json'))
    .filter((file) => existsSync(file))
    .sort();
}

function childrenOf(folder) {
  const absolute = path.join(root, folder);
  return existsSync(absolute) ? readdirSync(absolute).map((name) => path.join(absolute, name)) : [];
}

function read(file) {
  try {
    return readFileSync(path.resolve(root, file), 'utf8');
  } catch {
    return null;
  }
}
