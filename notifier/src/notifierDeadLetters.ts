import type { DeadLetterBox } from '@ums/kit/dead-letters/deadLetter';
import { deadLetterTopics } from '@ums/kit/dead-letters/deadLetterTopics';
import { deadMessageBox } from '@ums/kit/dead-letters/deadMessageTable';
import type { KafkaSettings } from '@ums/kit/kafka/kafkaClient';
import type pg from 'pg';
import { reopenDeadMails } from './mail/reopenDeadMails.js';
import { MAIL_CONSUMER } from './mailConsumer.js';
import { PICTURE_CONSUMER } from './pictureConsumer.js';

/** The dead messages of the notifier: in topics if there are brokers, else in its table. */
export const notifierDeadLetters = (pool: pg.Pool, kafka: KafkaSettings | undefined): DeadLetterBox => {
  const box = kafka
    ? deadLetterTopics(kafka, [MAIL_CONSUMER, PICTURE_CONSUMER])
    : deadMessageBox({ pool, schema: 'notifier' });
  return {
    list: box.list,
    redrive: async (letters) => {
      await reopenDeadMails(
        pool,
        letters.flatMap(({ message }) => message?.eventId ?? []),
      );
      return box.redrive(letters);
    },
  };
};
