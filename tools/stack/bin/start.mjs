#!/usr/bin/env node
import { createRequire } from 'node:module';
import { bootstrap } from './bootstrap.mjs';

bootstrap();
createRequire(import.meta.url)('../dist/main.js').start(process.argv.slice(2));
