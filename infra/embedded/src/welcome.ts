/** What a person reads once everything runs: where to look, and three calls that work as pasted. */
export const welcome = ({ api, inbox }: { api: string; inbox: string }): string => {
  const json = `-H 'content-type: application/json'`;
  const person = `"email":"grace@example.org","password":"nine quiet boats at noon"`;
  return `
Ready.
  API docs  ${api}/apidocs/
  Inbox     ${inbox}/

Three calls to try:
  curl -s ${api}/api/v1/auth/register ${json} -d '{${person},"name":"Grace"}'
    (then follow the link in the inbox and enter the password)
  TOKEN=$(curl -s ${api}/api/v1/auth/login ${json} -d '{${person}}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -s ${api}/api/v1/user -H "authorization: Bearer $TOKEN"
`;
};
