/**
 * `node validateDocument.mjs <url of an OpenAPI document>` prints `{ valid, errors, version }`. It runs in a process of its
 * own because the validator rejects objects that were created in jest's VM context.
 */
import { validate } from '@scalar/openapi-parser';

const [, , url = ''] = process.argv;
const { valid, errors, version } = await validate(await (await fetch(url)).text());
process.stdout.write(JSON.stringify({ valid, errors, version }));
