import { bundleArguments } from './bundleArguments.js';
import { proxyBehindBalancer } from './proxyBehindBalancer.js';
import { writeBundles } from './writeBundles.js';

const { target, certificates, output } = bundleArguments(process.argv.slice(2));
const folders = await writeBundles(output, target, { certificates, proxy: proxyBehindBalancer(target.environment) });
process.stdout.write(`${folders.join('\n')}\n`);
