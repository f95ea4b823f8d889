#!/usr/bin/env node
import { createRequire } from 'node:module';
import { bootstrap } from './bootstrap.mjs';

bootstrap(['libs/*', 'apps/*', 'tools/*', 'tools/simulators/*']);
createRequire(import.meta.url)('../dist/main.js').test(process.argv.slice(2));
