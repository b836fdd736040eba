/** Licences that any dependency may have. */
export const ALLOWED: ReadonlySet<string> = new Set(['MIT', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'ISC']);

export interface LicenceException {
  /** The name of a package; `*` at its end stands for any text. */
  package: string;
  /** What its manifest says, as an expression of SPDX or in words; undefined where it says nothing. */
  licence: string | undefined;
  reason: string;
}

const AS_PERMISSIVE = 'a dependency of a dependency; asks for no more than MIT does';

const BLUE_OAK = [
  ...['glob', 'graceful-fs', 'jackspeak', 'lru-cache', 'minimatch', 'minipass', 'package-json-from-dist'],
  'path-scurry',
];

/** Packages with another licence, each with the reason why it may be used. */
export const EXCEPTIONS: readonly LicenceException[] = [
  {
    package: '@img/sharp-*',
    licence: 'LGPL-3.0-or-later',
    reason: 'libvips, a shared library that sharp loads and that can be replaced',
  },
  ...BLUE_OAK.map((name) => ({ package: name, licence: 'BlueOak-1.0.0', reason: AS_PERMISSIVE })),
  { package: 'argparse', licence: 'Python-2.0', reason: AS_PERMISSIVE },
  { package: 'nodemailer', licence: 'MIT-0', reason: AS_PERMISSIVE },
  { package: 'tslib', licence: '0BSD', reason: AS_PERMISSIVE },
  { package: 'pony-cause', licence: '0BSD', reason: AS_PERMISSIVE },
  { package: 'tweetnacl', licence: 'Unlicense', reason: AS_PERMISSIVE },
  { package: 'jsonify', licence: 'Public Domain', reason: 'patch-package uses it; nobody claims a right in it' },
  { package: 'caniuse-lite', licence: 'CC-BY-4.0', reason: 'data about browsers that only the tests install' },
  { package: 'humanize-number', licence: undefined, reason: 'its readme says MIT' },
  { package: 'only', licence: undefined, reason: 'its readme says MIT' },
];
