import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LOCALES } from '@ums/contracts/locale';
import { appName } from '@ums/identity/appName';
import { optional, parseEnv } from '@ums/kit/env';
import { codeOf } from '@ums/kit/postgres/errors';
import { StartRefused } from '@ums/kit/startRefused';
import { pageUrl } from '@ums/kit/webAddress';
import { renderMail } from '@ums/notifier/mail/renderMail';
import { MAIL_TEMPLATES } from '@ums/notifier/mails';

const USAGE = 'Usage: npm run -s mails -- [folder]';
const LINK = 'https://users.example.org/an-invented-link';

/**
 * `npm run -s mails`: writes every mail in every language as HTML and text, with an invented link and the name, page and logo
 * of the settings, by default to a new folder for temporary files.
 *
 * @returns the sentence to print.
 * @throws StartRefused with one sentence; ConfigFault.
 */
export const writeMails = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
  const [chosen, ...others] = args;
  if (others.length > 0 || chosen?.startsWith('-')) throw new StartRefused(USAGE);
  const settings = { APP_NAME: appName(), APP_URL: optional(pageUrl()), MAIL_LOGO_URL: optional(pageUrl()) };
  const { APP_NAME, APP_URL: appUrl, MAIL_LOGO_URL: logoUrl } = parseEnv(settings, env);
  const now = Date.now();
  const details = { appName: APP_NAME, link: LINK, expires: new Date(now + 86_400_000), changedAt: new Date(now) };
  const files = MAIL_TEMPLATES.flatMap(({ template, words }) =>
    LOCALES.flatMap((locale) => {
      const { text, html } = renderMail(words[locale](details), locale, { appName: APP_NAME, appUrl, logoUrl });
      const name = `${template}.${locale}`;
      return [
        { name: `${name}.html`, content: html },
        { name: `${name}.txt`, content: text },
      ];
    }),
  );
  const folder = await writeFiles(chosen, files);
  return `${MAIL_TEMPLATES.length} mails in ${LOCALES.length} languages are in ${resolve(folder)}.`;
};

/**
 * @returns the folder.
 * @throws StartRefused with the folder and the reason, for example when another user owns the folder.
 */
const writeFiles = async (
  chosen: string | undefined,
  files: readonly { name: string; content: string }[],
): Promise<string> => {
  let folder = chosen ?? join(tmpdir(), 'ums-mails-');
  try {
    // Another user of this machine may have put links into a folder of a known name.
    if (chosen === undefined) folder = await mkdtemp(folder);
    await mkdir(folder, { recursive: true });
    for (const { name, content } of files) await writeFile(join(folder, name), content);
    return folder;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new StartRefused(
      `The mails cannot be written to ${resolve(folder)} (${code}). To choose another folder: npm run -s mails -- <folder>`,
      { cause: error },
    );
  }
};
