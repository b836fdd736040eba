export type Document = Readonly<Record<string, unknown>>;

export function joinDocuments(
  documents: readonly unknown[],
  options: { info: Document; servers: readonly { url: string }[]; roles: readonly string[]; tags?: Document },
): Record<string, never> & { openapi: string; paths: Record<string, Record<string, unknown>>; components: Document };
