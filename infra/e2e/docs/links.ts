import { existsSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT, textOf } from './handbook.js';

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;
const HEADING = /^#{1,6} (.+)$/gm;

const withoutCode = (text: string): string =>
  text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** The anchors of a document's headings, as GitHub makes them: lower case, without punctuation, numbered when repeated. */
export const anchorsOf = (text: string): Set<string> => {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '').matchAll(HEADING)) {
    const anchor = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-');
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
};

/**
 * The links of a document that lead nowhere: to a file that does not exist, or to a heading that its target does not have.
 * Links to other hosts are not followed.
 */
export const brokenLinks = (page: string): string[] =>
  [...withoutCode(textOf(page)).matchAll(LINK)].flatMap(([, target = '']) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, file))) return [`${page}: ${target}`];
    if (anchor === undefined || statSync(join(ROOT, file)).isDirectory()) return [];
    return anchorsOf(textOf(file)).has(anchor) ? [] : [`${page}: ${target}`];
  });
