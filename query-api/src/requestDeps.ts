import { requestDeps } from '@ums/kit/http/requestDeps';
import type { QueryDeps } from './queryDeps.js';

/** Named by tsoa.json as the container that makes the controllers. */
export const { bindDeps, depsOf, iocContainer } = requestDeps<QueryDeps>();
