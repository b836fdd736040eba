import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Reader, reader } from '../env.js';
import { InvalidSetting } from '../invalidSetting.js';

/** A variable with the path of a PEM file: the certificates of those who may sign the certificate of an engine. */
export const certificates = (): Reader<string> => reader(readCertificates, undefined);

/** @returns the text of the file. @throws InvalidSetting when it cannot be read, or does not begin with a certificate. */
export const readCertificates = (file: string): string => {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch {
    throw new InvalidSetting('names a file of certificates that cannot be read');
  }
  try {
    new X509Certificate(pem);
  } catch {
    throw new InvalidSetting('names a file that does not begin with a certificate in PEM');
  }
  return pem;
};
