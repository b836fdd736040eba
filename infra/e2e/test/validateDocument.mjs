/**
 * `node validateDocument.mjs <url of an OpenAPI document>`: prints `{ valid, errors, version }`. A process of its own, for
 * the validator takes no object for one that comes from jest's realm.
 */
import { validate } from '@scalar/openapi-parser';

const [, , url = ''] = process.argv;
const { valid, errors, version } = await validate(await (await fetch(url)).text());
process.stdout.write(JSON.stringify({ valid, errors, version }));
