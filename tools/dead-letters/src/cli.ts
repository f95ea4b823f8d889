import { main } from './main';

const WIDTH_WHEN_PIPED = 10_000;

void main(process.argv.slice(2), process.env, {
  width: process.stdout.isTTY ? process.stdout.columns : WIDTH_WHEN_PIPED,
  line: (text) => process.stdout.write(`${text}\n`),
}).then((code) => {
  process.exitCode = code;
});
