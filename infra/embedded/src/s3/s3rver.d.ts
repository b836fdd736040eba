// The package has no types. Only what is used is declared.
declare module '@20minutes/s3rver' {
  import type { IncomingMessage, ServerResponse } from 'node:http';
  import type FilesystemStore from '@20minutes/s3rver/lib/stores/filesystem.js';

  interface Context {
    readonly path: string;
    mountPath: string;
    state: object;
  }

  export default class S3rver {
    constructor(options: { directory: string; silent: boolean; vhostBuckets: boolean });
    middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[];
    store: FilesystemStore;
    context: { store: FilesystemStore };
    logger: { close(): void };
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  }
}

declare module '@20minutes/s3rver/lib/stores/filesystem.js' {
  import type { Readable } from 'node:stream';
  import type S3Object from '@20minutes/s3rver/lib/models/object.js';

  export default class FilesystemStore {
    constructor(rootDirectory: string);
    getBucketPath(bucket: string): string;
    getResourcePath(bucket: string, key: string | undefined, resource: string): string;
    getMetadata(bucket: string, key: string): Promise<Record<string, string>>;
    putMetadata(bucket: string, key: string, metadata: Record<string, string>, md5: string): Promise<void>;
    putContent(path: string, content: Readable): Promise<[size: number, md5: string]>;
    putObject(object: S3Object): Promise<{ size: number; md5: string }>;
    deleteObject(bucket: string, key: string): Promise<void>;
    listObjects(bucket: string, options: ListOptions): Promise<ObjectList>;
    getSubresource(bucket: string, key: string | undefined, type: string): Promise<unknown>;
  }

  export interface ListOptions {
    prefix?: string | undefined;
    startAfter?: string | undefined;
    maxKeys: number;
  }

  export interface ObjectList {
    objects: S3Object[];
    commonPrefixes: string[];
    isTruncated: boolean;
  }
}

declare module '@20minutes/s3rver/lib/models/object.js' {
  import type { Readable } from 'node:stream';

  export default class S3Object {
    constructor(bucket: string, key: string, content: Readable | null, metadata: Record<string, string>);
    bucket: string;
    key: string;
    content: Readable;
    metadata: Record<string, string>;
  }
}

declare module '@20minutes/s3rver/lib/models/error.js' {
  export default class S3Error extends Error {
    constructor(code: string, message: string);
    status: number;
    toXML(): string;
  }
}

declare module '@20minutes/s3rver/lib/models/account.js' {
  export default class AWSAccount {
    static DUMMY_ACCOUNT: AWSAccount;
    createKeyPair(accessKeyId: string, secretAccessKey: string): void;
    revokeAccessKey(accessKeyId: string): void;
  }
}
