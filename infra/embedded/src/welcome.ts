import type { RealEngines } from '@ums/engines/startRealEngines';
import type { RunningStart } from './start.js';

/** The part of the running service that is printed. */
interface Welcomed extends Pick<RunningStart, 'api' | 'inbox'> {
  engines: Pick<RunningStart['engines'], 'realEngines'>;
}

/** The text printed once the service is ready: its URLs, and three calls that can be pasted into a shell. */
export const welcome = ({ api, inbox, engines: { realEngines } }: Welcomed): string => {
  const json = `-H 'content-type: application/json'`;
  const account = `"email":"grace@example.org","password":"nine quiet boats at noon"`;
  return `
Ready.
  API docs  ${api}/apidocs/
  Inbox     ${inbox}/
${realEngines === undefined ? '' : engineLines(realEngines)}
Three calls to try:
  curl -s ${api}/api/v1/auth/register ${json} -d '{${account},"name":"Grace"}'
    (then follow the link in the inbox and enter the password)
  TOKEN=$(curl -s ${api}/api/v1/auth/login ${json} -d '{${account}}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -s ${api}/api/v1/user -H "authorization: Bearer $TOKEN"
`;
};

const engineLines = ({ kafka, openSearch }: RealEngines): string => `\
  Kafka     ${kafka.brokers} (Kafka ${kafka.version}, pid ${kafka.pid})
  Logs      ${openSearch.url} (OpenSearch ${openSearch.version}, pid ${openSearch.pid})
`;
