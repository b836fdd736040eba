import { expect } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import type { Story } from '../story/story.js';

/** Everything about a user that auditors can take out of the service through its API, as text. */
export const exportedTexts = async ({ client, ada, grace }: Story): Promise<string> => {
  const token = grace.accessToken;
  const read = async (path: string, accept = 'application/json'): Promise<string> => {
    let text = '';
    // The notary signs a moment after the events.
    await until(async () => {
      const answer = await client.ask('GET', path, { token, headers: { accept } });
      text = answer.text;
      if (answer.status !== 503) expect([path, answer.status]).toEqual([path, 200]);
      return answer.status === 200;
    });
    return text;
  };
  return [
    await read(`/users/${ada.id}/history/proof`),
    await read(`/users/${ada.id}/history?include=sessions&limit=100`),
    await read('/audit/events?order=asc', 'application/x-ndjson'),
    await read('/audit/events?order=asc', 'text/csv'),
  ].join('\n');
};
