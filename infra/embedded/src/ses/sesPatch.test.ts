import { execFileSync } from 'node:child_process';
import { expect, it } from '@jest/globals';

/** Prints the packages that the local SES has loaded once it is imported. */
const LOADED = `await import('aws-ses-v2-local');
  const { createRequire } = await import('node:module');
  const files = Object.keys(createRequire(import.meta.url).cache);
  const names = files.map((file) => file.split('node_modules/').at(-1).split('/')[0]);
  process.stdout.write(JSON.stringify([...new Set(names)]));`;

it('the local SES does not load the packages for requests that the service never sends', () => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const options = { cwd: import.meta.dirname, env, encoding: 'utf8' } as const;
  const loaded = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', LOADED], options));
  expect(loaded).toEqual(expect.arrayContaining(['aws-ses-v2-local', 'express', 'zod']));
  for (const name of ['mailparser', 'handlebars', 'nodemailer']) expect(loaded).not.toContain(name);
});
