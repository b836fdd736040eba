import { expect, it } from '@jest/globals';
import { StartRefused } from '@ums/kit/startRefused';
import { withLostPeople } from './withLostPeople.js';

it('names the page for people who are lost where the projector is not ready, and nothing else', () => {
  const projector = new StartRefused('The service did not become ready; not up: projector.projection.');
  expect(withLostPeople(projector)).toMatchObject({
    name: 'StartRefused',
    message: expect.stringMatching(/projector\.projection\. If more than ten people .* "Who is lost"/),
  });
  for (const other of [new StartRefused('The service did not become ready; not up: notary.log.'), new Error('other')])
    expect(withLostPeople(other)).toBe(other);
});
