import { join } from 'node:path';
import { lineOf, synthesize } from './synthesize.js';

/** The CLI of the CDK names its folder. */
const outdir = process.env.CDK_OUTDIR ?? join(import.meta.dirname, '..', 'cdk.out');
for (const stack of synthesize(outdir)) process.stdout.write(`${lineOf(stack)}\n`);
