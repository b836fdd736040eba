import { execFile } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate authority of its own, and what it signed for a server at `127.0.0.1` and `localhost`. */
export interface TestCertificates {
  /** PEM. */
  ca: string;
  caFile: string;
  /** PEM, without that of the authority. */
  certificate: string;
  certificateFile: string;
  /** PEM, PKCS 8. */
  key: string;
  keyFile: string;
}

const run = promisify(execFile);

/**
 * Makes certificates for one day with `openssl`, as files in the folder.
 * @param names of the server, as `subjectAltName` has them. @default IP:127.0.0.1,DNS:localhost
 */
export const testCertificates = async (
  folder: string,
  names = 'IP:127.0.0.1,DNS:localhost',
): Promise<TestCertificates> => {
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]) => run('openssl', args);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = { caFile: path('ca.pem'), certificateFile: path('server.pem'), keyFile: path('server-key.pem') };
  await writeFile(path('names'), `subjectAltName=${names}\n`);
  await openssl(
    ...['req', '-x509', ...newKey, '-days', '1', '-subj', '/CN=Authority for tests'],
    ...['-keyout', path('ca-key.pem'), '-out', files.caFile],
  );
  await openssl('req', ...newKey, '-subj', '/CN=server', '-keyout', files.keyFile, '-out', path('request.pem'));
  await openssl(
    ...['x509', '-req', '-in', path('request.pem'), '-days', '1', '-extfile', path('names'), '-CAcreateserial'],
    ...['-CA', files.caFile, '-CAkey', path('ca-key.pem'), '-out', files.certificateFile],
  );
  await chmod(files.keyFile, 0o600);
  const text = (file: string): Promise<string> => readFile(file, 'utf8');
  const [ca, certificate, key] = await Promise.all([files.caFile, files.certificateFile, files.keyFile].map(text));
  return { ...files, ca, certificate, key } as TestCertificates;
};
