/**
 * Joins the OpenAPI documents that tsoa generated for the API services into the one that the host serves:
 * `node infra/openapi/join.mjs <service document>... <joined document>`
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { validate } from '@scalar/openapi-parser';
import { joinDocuments } from './joinDocuments.mjs';

const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'));

const inputs = process.argv.slice(2, -1);
const output = process.argv.at(-1);
const { version, description, license } = await readJson(new URL('../../package.json', import.meta.url));

/** All roles, from the schema of a user; tsoa generates that schema from the type `Role` of contracts. */
const rolesIn = (documents) =>
  documents.flatMap(({ components }) => components?.schemas?.UserBody?.properties.roles.items.enum ?? []);

const TAGS = {
  Registration: 'Register, and confirm the address with the link that is mailed.',
  Session: 'Log in, refresh the tokens of a session, and log out.',
  User: 'Your own profile, and your erasure.',
  Administration: 'The users, for administrators.',
  Mail: 'Notices of the mail provider.',
  Audit: 'Histories of users, for auditors and administrators.',
};

/** Of every operation, so that it would be noise beside each. */
const ABOUT_IDS =
  'Answers have an `X-Request-Id` and an `X-Correlation-Id`. A request may bring its `X-Correlation-Id`, a UUID, which events, mails and log lines then have; any other value is not refused, but replaced by a new UUID.';

const ABOUT_NULL = 'A field of a JSON body that is `null` is taken for one that is not sent.';

const documents = await Promise.all(inputs.map(readJson));
const document = joinDocuments(documents, {
  info: {
    ...{ title: 'User management', version, license: { name: license, identifier: license } },
    description: `${description}.\n\n${ABOUT_IDS}\n\n${ABOUT_NULL}`,
  },
  servers: [{ url: '/api/v1' }],
  roles: rolesIn(documents),
  tags: TAGS,
});
const { valid, errors } = await validate(document);
if (!valid) {
  process.stderr.write(`The joined OpenAPI document is not valid:\n${JSON.stringify(errors, null, 2)}\n`);
  process.exit(1);
}
await mkdir(dirname(output), { recursive: true });
await writeFile(output, `${JSON.stringify(document, null, 2)}\n`);
