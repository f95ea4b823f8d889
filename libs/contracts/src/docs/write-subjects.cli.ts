import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderSubjects } from './render-subjects';

const file = path.resolve(__dirname, '../../../../docs/subjects.md');
writeFileSync(file, renderSubjects());
process.stdout.write(`wrote ${file}\n`);
