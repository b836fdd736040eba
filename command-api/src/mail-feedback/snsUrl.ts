/** The path of a certificate. Letters of another kind would let a path mean something else to another parser. */
const CERTIFICATE_PATH = /^\/[\w.-]{1,200}\.pem$/;

/**
 * Whether a URL from a notice leads to SNS: by https, at the host of the topic, without a port or a name of a user. What it
 * leads to is fetched before the notice is proven, so no other host may ever pass.
 */
export const isSnsUrl = (text: string, host: string): boolean => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' && url.host === host && url.username === '' && url.password === '';
};

/** Whether a URL leads to a certificate of SNS. */
export const isCertificateUrl = (text: string, host: string): boolean =>
  isSnsUrl(text, host) &&
  text === `https://${host}${new URL(text).pathname}` &&
  CERTIFICATE_PATH.test(new URL(text).pathname);
