import { requestDeps } from '@ums/kit/http/request/requestDeps';
import type { ApiDeps } from './apiDeps.js';

/** tsoa.json names this file as the IoC module: `iocContainer` creates the controllers. */
export const { bindDeps, depsOf, iocContainer } = requestDeps<ApiDeps>();
