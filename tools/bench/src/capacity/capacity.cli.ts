import { renderCapacity } from './render';

/** `node tools/bench/dist/capacity/capacity.cli.js`: the tables of docs/capacity.md. */
console.log(renderCapacity());
