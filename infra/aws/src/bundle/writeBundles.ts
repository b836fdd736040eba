import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CERTIFICATE_FILE } from '../settings/certificates.js';
import { FLEETS } from '../settings/containers.js';
import { type BundleTarget, dockerrun } from './dockerrun.js';

export interface BundleFiles {
  /** Certificates in PEM of the authorities that signed those of RDS and of the event log. */
  certificates: string;
  /** Configuration of nginx. */
  proxy: string;
}

/**
 * Writes a folder `<environment>-<fleet>` for each fleet, from which Elastic Beanstalk makes an application version.
 * @returns the folders.
 */
export const writeBundles = async (
  output: string,
  target: BundleTarget,
  { certificates, proxy }: BundleFiles,
): Promise<readonly string[]> => {
  const folders: string[] = [];
  for (const fleet of FLEETS) {
    const folder = join(output, `${target.environment}-${fleet}`);
    await mkdir(join(folder, 'certificates'), { recursive: true });
    await copyFile(certificates, join(folder, 'certificates', CERTIFICATE_FILE));
    await writeFile(join(folder, 'Dockerrun.aws.json'), `${JSON.stringify(dockerrun(fleet, target), undefined, 2)}\n`);
    if (fleet === 'api') {
      await mkdir(join(folder, 'proxy'), { recursive: true });
      await writeFile(join(folder, 'proxy', 'nginx.conf'), proxy);
    }
    folders.push(folder);
  }
  return folders;
};
