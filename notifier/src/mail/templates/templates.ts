import type { MailContent } from '../content.js';
import { en } from './en.js';

/** Every mail this service can send, with what it needs to know. */
export interface Templates {
  confirmation(about: { name: string | undefined; link: string; expires: Date }): MailContent;
  accountExists(about: Record<never, never>): MailContent;
  goodbye(about: Record<never, never>): MailContent;
}

export type TemplateName = keyof Templates;

/** By language (BCP 47). A new one is a file beside `en.ts` and a line here. */
export const TEMPLATES = { en } as const satisfies Record<string, Templates>;
