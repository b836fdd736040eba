import { posix } from 'node:path';
import ts from 'typescript';
import type { RepositoryFile } from './repositoryFiles.js';

/** What a name in a program refers to. */
export type Meaning =
  | { kind: 'constant'; value: ts.Expression }
  /** Of a function; `of` is the declaration of the parameter, also for a name inside its pattern. */
  | { kind: 'parameter'; of: ts.ParameterDeclaration }
  /** The loop goes through `items`. */
  | { kind: 'item'; items: ts.Expression }
  | { kind: 'type'; type: ts.TypeNode }
  | { kind: 'interface'; members: ts.NodeArray<ts.TypeElement> }
  | { kind: 'unknown' };

export interface ConstantNames {
  files: readonly ts.SourceFile[];
  meaningOf(name: ts.Identifier): Meaning;
}

const UNKNOWN: Meaning = { kind: 'unknown' };
const INFRA = ['kit', 'identity', 'embedded', 'commands', 'engines', 'verifier'];

/** Finds what names refer to: in the scopes around them, in the module, and in the modules that it imports from. */
export const constantNames = (sources: readonly RepositoryFile[]): ConstantNames => {
  const files = new Map<string, ts.SourceFile>();
  for (const { path, text } of sources) files.set(path, ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  const inModule = (file: ts.SourceFile, name: string): Meaning => {
    for (const statement of file.statements) {
      const found = declaredBy(statement, name) ?? importedBy(statement, name);
      if (found !== undefined) return found;
    }
    return UNKNOWN;
  };
  const importedBy = (statement: ts.Statement, name: string): Meaning | undefined => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
    const bindings = statement.importClause?.namedBindings;
    if (bindings === undefined || !ts.isNamedImports(bindings)) return undefined;
    const specifier = bindings.elements.find((element) => element.name.text === name);
    if (specifier === undefined) return undefined;
    const target = files.get(pathOf(statement.moduleSpecifier.text, statement.getSourceFile().fileName));
    return target === undefined ? UNKNOWN : inModule(target, (specifier.propertyName ?? specifier.name).text);
  };
  return {
    files: [...files.values()],
    meaningOf: (name) => {
      for (let around: ts.Node = name.parent; !ts.isSourceFile(around); around = around.parent) {
        const found = declaredAround(around, name.text);
        if (found !== undefined) return found;
      }
      return inModule(name.getSourceFile(), name.text);
    },
  };
};

/** The path of the module that an import names; one of a package is no file of the repository. */
const pathOf = (specifier: string, from: string): string => {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts');
  const [, workspace = '', ...rest] = specifier.split('/');
  return posix.join(INFRA.includes(workspace) ? 'infra' : '', workspace, 'src', `${rest.join('/')}.ts`);
};

const declaredAround = (around: ts.Node, name: string): Meaning | undefined => {
  if (ts.isFunctionLike(around)) {
    const parameter = around.parameters.find((one) => bindsName(one.name, name));
    return parameter && { kind: 'parameter', of: parameter };
  }
  if (ts.isForOfStatement(around) && ts.isVariableDeclarationList(around.initializer))
    return around.initializer.declarations.some((one) => bindsName(one.name, name))
      ? { kind: 'item', items: around.expression }
      : undefined;
  if (!ts.isBlock(around)) return undefined;
  for (const statement of around.statements) {
    const found = declaredBy(statement, name);
    if (found !== undefined) return found;
  }
  return undefined;
};

const declaredBy = (statement: ts.Statement, name: string): Meaning | undefined => {
  if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name)
    return { kind: 'type', type: statement.type };
  if (ts.isInterfaceDeclaration(statement) && statement.name.text === name)
    return { kind: 'interface', members: statement.members };
  if (!ts.isVariableStatement(statement)) return undefined;
  const declaration = statement.declarationList.declarations.find((one) => bindsName(one.name, name));
  if (declaration === undefined) return undefined;
  const isConstant = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0 && ts.isIdentifier(declaration.name);
  return isConstant && declaration.initializer !== undefined
    ? { kind: 'constant', value: declaration.initializer }
    : UNKNOWN;
};

const bindsName = (bound: ts.BindingName, name: string): boolean =>
  ts.isIdentifier(bound)
    ? bound.text === name
    : bound.elements.some((element) => ts.isBindingElement(element) && bindsName(element.name, name));
