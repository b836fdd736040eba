import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const CLIENT = join(import.meta.dirname, 'client.ts');

/** Files that every compilation reads. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * Compiles the client against the types of the API.
 *
 * @param edit makes what is compiled of the text of its file.
 * @returns the messages of the compiler.
 */
export const compileFaults = (edit: (text: string) => string = (text) => text): string[] => {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (path, version) => {
    if (path === CLIENT) return ts.createSourceFile(path, edit(readFileSync(CLIENT, 'utf8')), version);
    if (!parsed.has(path)) parsed.set(path, getSourceFile(path, version));
    return parsed.get(path);
  };
  const program = ts.createProgram({
    rootNames: [CLIENT],
    options: { ...options, composite: false, incremental: false, noEmit: true, skipLibCheck: true },
    host,
  });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
};
