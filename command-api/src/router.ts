import { Router } from 'express';
import type { ApiDeps } from './commandDeps.js';
import { RegisterRoutes } from './generated/routes.js';
import { confirmForm } from './registration/confirmForm.js';
import { bindDeps } from './requestDeps.js';

/** The routes of this service, to be mounted below `API_PREFIX` by a host. */
export const commandRouter = (deps: ApiDeps): Router => {
  const router = Router();
  router.use(bindDeps(deps));
  router.post('/auth/confirm', confirmForm);
  RegisterRoutes(router);
  return router;
};
