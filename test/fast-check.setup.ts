/** Generated inputs are the same in every run; NETWHY_FUZZ_SEED=random (or a number) tries others. */
import fc from 'fast-check';

const { NETWHY_FUZZ_SEED = '7' } = process.env;
if (NETWHY_FUZZ_SEED !== 'random') fc.configureGlobal({ seed: Number(NETWHY_FUZZ_SEED) });
