#!/usr/bin/env node
import { createRequire } from 'node:module';
import { bootstrap } from './bootstrap.mjs';

// Only what runs: a tool or a test library that does not compile is no reason not to start.
bootstrap(['apps/*', 'tools/simulators/*', 'tools/stack']);
createRequire(import.meta.url)('../dist/main.js').start(process.argv.slice(2));
