import { KeyObject } from 'node:crypto';
import { erasureNoticePlace } from '@ums/contracts/erasureNotice';
import { API_PREFIX } from '@ums/contracts/routes';
import { deleteErasureNotice, findErasureNotice } from '@ums/identity/vault/erasureNotices';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { openWith } from '@ums/kit/sealing/sealing';
import type { MailDefinition } from '../mail/mailDefinition.js';
import { composeMail } from '../mail/mailTemplate.js';
import { userLocale } from '../mail/userLocale.js';

export interface ErasureNoticeDetails {
  appName: string;
  /** Of the receipt of the erasure. */
  link: string | undefined;
}

/**
 * The last mail to a user. It goes to an address that is kept for this mail only and deleted afterwards (G-01). It has the receipt
 * of the erasure, because the answer to the erasure may have been lost and the person can ask for nothing any more.
 */
export const erasureNoticeMail: MailDefinition<ErasureNoticeDetails> = {
  fact: 'UserErased',
  template: 'goodbye',
  compose: async ({ eventLog, vault, keys, publicUrl, brand: { appName } }, userId) => {
    const notice = await findErasureNotice(vault, userId);
    if (notice === undefined) return { skip: 'ended' };
    if (notice.expired) return { skip: 'expired' };
    const key = (await keys.fresh([notice.id])).get(notice.id);
    if (!(key instanceof KeyObject)) return { skip: 'ended' };
    try {
      const to = openWith(key, erasureNoticePlace(notice.id), notice.address);
      const { receipt } = notice;
      const link = receipt === null ? undefined : `${publicUrl}${API_PREFIX}/erasures/${receipt}`;
      return composeMail(erasureNoticeMail, { to, locale: await userLocale(eventLog, userId) }, { appName, link });
    } catch (error) {
      if (error instanceof SealBroken) return { dead: error.name };
      throw error;
    }
  },
  cleanUp: ({ vault }, userId) => deleteErasureNotice(vault, userId),
  words: {
    en: ({ appName, link }) => ({
      subject: 'Your account has been erased',
      body: [
        'Hello,',
        `Your account at ${appName} and the personal data stored with it have been erased.`,
        ...(link === undefined
          ? []
          : [
              'This page is your receipt. It says which steps are done, until the last backup is deleted, and it does not say who you are. Keep the link if you want to look later:',
              { link, label: 'Receipt of the erasure' },
            ]),
        'This is the last mail you get from us: your e-mail address is deleted as well.',
      ],
    }),
    de: ({ appName, link }) => ({
      subject: 'Ihr Konto wurde gelöscht',
      body: [
        'Guten Tag,',
        `Ihr Konto bei ${appName} und die dazu gespeicherten personenbezogenen Daten wurden gelöscht.`,
        ...(link === undefined
          ? []
          : [
              'Diese Seite ist Ihr Beleg. Sie zeigt, welche Schritte erledigt sind, bis auch die letzte Sicherung gelöscht ist, und nicht, wer Sie sind. Bewahren Sie den Link auf, wenn Sie später nachsehen wollen:',
              { link, label: 'Beleg der Löschung' },
            ]),
        'Dies ist die letzte Mail, die Sie von uns bekommen: Auch Ihre E-Mail-Adresse wird gelöscht.',
      ],
    }),
  },
};
