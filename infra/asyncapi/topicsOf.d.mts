export type Schema = Readonly<Record<string, unknown>>;

export interface DocumentedMessage {
  title: string;
  description: string;
  contentType: string;
  headers: Schema & { properties: Readonly<Record<string, Schema>>; required: readonly string[] };
  payload: Schema;
  key: Schema;
  examples: readonly { headers: Readonly<Record<string, string>>; payload: unknown }[];
}

export interface DocumentedTopic {
  title: string;
  description: string;
  partitions: number;
  config: Readonly<Record<string, unknown>>;
  promises: Readonly<Record<string, string>>;
  messages: Readonly<Record<string, DocumentedMessage>>;
}

export function topicsOf(document: object): Readonly<Record<string, DocumentedTopic>>;
