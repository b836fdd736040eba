import { existsSync } from 'node:fs';
import { newSecrets, passwordName, randomFor } from '@ums/embedded/dataFolder/secrets';
import { writePrivateFile } from '@ums/embedded/dataFolder/writePrivateFile';
import { StartRefused } from '@ums/kit/startRefused';

const USAGE = 'Usage: npm run -s compose:env -- [--force]';

/** The other secrets of docker-compose.yml: 256 random bits each, in characters that a URL may hold as they are. */
const PASSWORDS = [
  ...(['command', 'projector', 'notifier', 'query', 'notary'] as const).map(passwordName),
  ...['POSTGRES_PASSWORD', 'GRAFANA_PASSWORD', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
];

/**
 * `npm run -s compose:env`: writes new secrets for docker-compose.yml, with mode 0600.
 * @param args `--force` replaces a file that exists.
 * @returns the sentence to print.
 * @throws StartRefused with one sentence.
 */
export const writeComposeEnv = async (args: readonly string[], path: string): Promise<string> => {
  const [option, ...others] = args;
  if ((option !== undefined && option !== '--force') || others.length > 0) throw new StartRefused(USAGE);
  if (option === undefined && existsSync(path)) {
    throw new StartRefused(
      `${path} exists; nothing was changed. With --force it is replaced, and the volumes of its containers become unreadable.`,
    );
  }
  await writePrivateFile(path, composeEnv());
  return `The secrets are in ${path}. Keep a copy: without MASTER_KEY, no personal data can be decrypted.`;
};

const composeEnv = (): string => {
  const secrets = Object.entries({ ...newSecrets(), ...randomFor(PASSWORDS) });
  return secrets.map(([name, value]) => `${name}=${quoted(value)}\n`).join('');
};

/** A PEM has several lines. Docker Compose expands `\n` between double quotes. */
const quoted = (value: string): string =>
  value.includes('\n') ? `"${value.trimEnd().replaceAll('\n', '\\n')}"` : value;
