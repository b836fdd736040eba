import { KeyObject } from 'node:crypto';
import { erasureNoticePlace } from '@ums/contracts/erasureNotice';
import { deleteErasureNotice, findErasureNotice } from '@ums/identity/vault/erasureNotices';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { openWith } from '@ums/kit/sealing/sealing';
import type { MailDefinition } from '../mail/mailDefinition.js';
import { composeMail } from '../mail/mailTemplate.js';
import { userLocale } from '../mail/userLocale.js';

export interface ErasureNoticeDetails {
  appName: string;
}

/** The last mail to a user. It goes to an address that is kept for this mail only and deleted afterwards (G-01). */
export const erasureNoticeMail: MailDefinition<ErasureNoticeDetails> = {
  fact: 'UserErased',
  template: 'goodbye',
  compose: async ({ eventLog, vault, keys, brand: { appName } }, userId) => {
    const notice = await findErasureNotice(vault, userId);
    if (notice === undefined) return { skip: 'ended' };
    if (notice.expired) return { skip: 'expired' };
    const key = (await keys.fresh([notice.id])).get(notice.id);
    if (!(key instanceof KeyObject)) return { skip: 'ended' };
    try {
      const to = openWith(key, erasureNoticePlace(notice.id), notice.address);
      return composeMail(erasureNoticeMail, { to, locale: await userLocale(eventLog, userId) }, { appName });
    } catch (error) {
      if (error instanceof SealBroken) return { dead: error.name };
      throw error;
    }
  },
  cleanUp: ({ vault }, userId) => deleteErasureNotice(vault, userId),
  words: {
    en: ({ appName }) => ({
      subject: 'Your account has been erased',
      body: [
        'Hello,',
        `Your account at ${appName} and the personal data stored with it have been erased.`,
        'This is the last mail you get from us: your e-mail address is deleted as well.',
      ],
    }),
    de: ({ appName }) => ({
      subject: 'Ihr Konto wurde gelöscht',
      body: [
        'Guten Tag,',
        `Ihr Konto bei ${appName} und die dazu gespeicherten personenbezogenen Daten wurden gelöscht.`,
        'Dies ist die letzte Mail, die Sie von uns bekommen: Auch Ihre E-Mail-Adresse wird gelöscht.',
      ],
    }),
  },
};
