import { InfraError } from '@teleop/infra';
import { runStart } from '../start/run-start';
import { fakeProduct } from './fake-product.spec-support';

/** `npm start` without the bootstrap, on a product of fakes: argv is the folder of the product, then npm start's own options. */
const [folder, ...argv] = process.argv.slice(2);
const fake = fakeProduct(folder as string);
process.env['FAKE_LOG'] = fake.log;
runStart(argv, process.env, fake.layout).catch((error: unknown) => {
  process.stderr.write(
    error instanceof InfraError ? `${error.message}\n` : `${String((error as Error).stack)}\n`,
  );
  process.exit(1);
});
