import { requestDeps } from '@ums/kit/http/request/requestDeps';
import type { QueryDeps } from './queryDeps.js';

/** `tsoa.json` names this module: the generated routes get their controllers from `iocContainer`. */
export const { bindDeps, depsOf, iocContainer } = requestDeps<QueryDeps>();
