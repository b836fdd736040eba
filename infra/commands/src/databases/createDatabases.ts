import { prepareDatabases } from '@ums/embedded/postgres/prepareDatabases';
import { type Environment, parseEnv, secret } from '@ums/kit/env';
import { databaseUrl } from '@ums/kit/postgres/databaseUrl';
import { codeOf } from '@ums/kit/postgres/errors';
import { isOperatorError, StartRefused } from '@ums/kit/startRefused';
import { requireTls } from '@ums/kit/transport/requireTls';

/** The settings of the command. @throws ConfigFault that lists every invalid variable. */
export const readConfig = (env: Environment) =>
  parseEnv(
    {
      REQUIRE_TLS: requireTls(),
      /** Any database of the server, as a superuser. */
      POSTGRES_URL: databaseUrl(),
      DATABASE_PASSWORD_COMMAND: secret(),
      DATABASE_PASSWORD_PROJECTOR: secret(),
      DATABASE_PASSWORD_NOTIFIER: secret(),
      DATABASE_PASSWORD_QUERY: secret(),
      DATABASE_PASSWORD_NOTARY: secret(),
    },
    env,
  );

/**
 * `npm run -s databases`: creates the databases, schemas and roles of the services in a Postgres that was not started by
 * `npm start`, and sets the roles' passwords. It can be repeated.
 * @returns the sentence to print.
 * @throws StartRefused with one sentence.
 */
export const createDatabases = async (env: Environment): Promise<string> => {
  const config = readConfig(env);
  try {
    await prepareDatabases(
      { url: (database) => Object.assign(new URL(config.POSTGRES_URL), { pathname: `/${database}` }).href },
      {
        command: config.DATABASE_PASSWORD_COMMAND,
        projector: config.DATABASE_PASSWORD_PROJECTOR,
        notifier: config.DATABASE_PASSWORD_NOTIFIER,
        query: config.DATABASE_PASSWORD_QUERY,
        notary: config.DATABASE_PASSWORD_NOTARY,
      },
    );
  } catch (error) {
    if (isOperatorError(error)) throw error;
    // The message of the database may quote a password.
    throw new StartRefused(`The databases cannot be created (${codeOf(error) ?? 'unknown error'}).`, { cause: error });
  }
  return 'The databases vault and users are ready.';
};
