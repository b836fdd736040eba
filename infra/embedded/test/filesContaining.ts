import { filesWithTraces } from './traceFinder.js';

/** Paths of the files below a folder that contain one of the texts or byte strings, in any encoding of `traceFinder`. */
export const filesContaining = async (folder: string, texts: readonly (string | Buffer)[]): Promise<string[]> => {
  const files = await filesWithTraces(folder, Object.fromEntries(texts.map((text, index) => [String(index), text])));
  return [...new Set(Object.values(files).flat())];
};
