import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { contractChanges } from '../contractChanges.mjs';
import { DOCUMENT } from '../contractFiles.mjs';

/** A part of the document. */
export type Node = Record<string, unknown> & { [name: string]: Node };

const text = readFileSync(DOCUMENT, 'utf8');
export const released = JSON.parse(text) as Node;

/** The changes between the document and a copy that was edited. */
export const changesAfter = (edit: (document: Node) => void) => {
  const current = JSON.parse(text) as Node;
  edit(current);
  return contractChanges(released, current);
};

/** The changes between a document whose state schema has this field, and one where the field has the other schema. */
export const fieldChanges = (before: object, after: object) => {
  const withField = (schema: object) => {
    const document = JSON.parse(text) as Node;
    Object.assign(value(document, 'users.state.v1').properties ?? {}, { field: schema });
    return document;
  };
  return contractChanges(withField(before), withField(after));
};

export const message = (document: Node, type: string) => document.components?.messages?.[type] as Node;
export const value = (document: Node, type: string) => message(document, type).payload as Node;
export const headers = (document: Node) => document.components?.messageTraits?.cloudEvent?.headers as Node;
export const kafka = (document: Node, channel: string) => document.channels?.[channel]?.bindings?.kafka as Node;
export const config = (document: Node, channel: string) => kafka(document, channel).topicConfiguration as Node;
export const promises = (document: Node, channel: string) => document.channels?.[channel]?.['x-promises'] as Node;
export const set = (node: Node | undefined, name: string, to: unknown) => Object.assign(node ?? {}, { [name]: to });
export const drop = (node: Node | undefined, name: string) => {
  expect(node).toHaveProperty([name]);
  delete node?.[name];
};
export const without = (list: unknown, name: string) => (list as string[]).filter((one) => one !== name);
