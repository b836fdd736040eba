import { parseEnv, text } from '@ums/kit/env';

/** The settings of `npm run engines`. @throws ConfigFault */
export const readConfig = (env = process.env) => parseEnv({ ENGINES_DATA_DIR: text('./data/engines') }, env);
