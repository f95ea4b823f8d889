// production-manifests.cjs SOURCE TARGET WORKSPACE: the package.json files of one workspace and of those it depends on, without
// development dependencies. npm counts every workspace there is as something to install, so only these may be there.
const fs = require('node:fs');
const path = require('node:path');

const [source, target, workspace] = process.argv.slice(2);
const read = (folder) => JSON.parse(fs.readFileSync(path.join(source, folder, 'package.json'), 'utf8'));

const lock = JSON.parse(fs.readFileSync(path.join(source, 'package-lock.json'), 'utf8'));
const folderOf = new Map(
  Object.entries(lock.packages)
    .filter(([, entry]) => entry.link === true)
    .map(([name, entry]) => [name.replace('node_modules/', ''), entry.resolved]),
);

const needed = new Set();
(function need(folder) {
  if (needed.has(folder)) return;
  needed.add(folder);
  for (const name of Object.keys(read(folder).dependencies ?? {})) {
    if (folderOf.has(name)) need(folderOf.get(name));
  }
})(workspace);

function write(folder, manifest) {
  fs.mkdirSync(path.join(target, folder), { recursive: true });
  fs.writeFileSync(path.join(target, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
const withoutDevelopment = (manifest) =>
  Object.fromEntries(Object.entries(manifest).filter(([key]) => key !== 'devDependencies'));

write('.', { ...withoutDevelopment(read('.')), workspaces: [...needed] });
for (const folder of needed) write(folder, withoutDevelopment(read(folder)));
for (const file of ['package-lock.json', '.npmrc'])
  fs.copyFileSync(path.join(source, file), path.join(target, file));
