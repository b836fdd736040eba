/** The text printed once the service is ready: its URLs, and three calls that can be pasted into a shell. */
export const welcome = ({ api, inbox }: { api: string; inbox: string }): string => {
  const json = `-H 'content-type: application/json'`;
  const account = `"email":"grace@example.org","password":"nine quiet boats at noon"`;
  return `
Ready.
  API docs  ${api}/apidocs/
  Inbox     ${inbox}/

Three calls to try:
  curl -s ${api}/api/v1/auth/register ${json} -d '{${account},"name":"Grace"}'
    (then follow the link in the inbox and enter the password)
  TOKEN=$(curl -s ${api}/api/v1/auth/login ${json} -d '{${account}}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
  curl -s ${api}/api/v1/user -H "authorization: Bearer $TOKEN"
`;
};
