import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatedFiles } from './generated-files';

// Run after a build: npm run generate:documents -w @teleop/api-gateway
const directory = path.join(__dirname, '..', '..', 'generated');
mkdirSync(directory, { recursive: true });
for (const [name, text] of Object.entries(generatedFiles())) {
  writeFileSync(path.join(directory, name), text);
  process.stdout.write(`wrote ${path.join('generated', name)}\n`);
}
