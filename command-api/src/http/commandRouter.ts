import { Router } from 'express';
import { RegisterRoutes } from '../generated/routes.js';
import { confirmForm } from './confirmForm.js';
import { bindDeps, type HttpDeps } from './httpDeps.js';

/** The routes of this service, to be mounted below `API_PREFIX` by a host. */
export const commandRouter = (deps: HttpDeps): Router => {
  const router = Router();
  router.use(bindDeps(deps));
  router.post('/auth/confirm', confirmForm);
  RegisterRoutes(router);
  return router;
};
