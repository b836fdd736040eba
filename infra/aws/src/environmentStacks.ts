import { Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { dataStack } from './data/dataStack.js';
import { edgeStack } from './edge/edgeStack.js';
import { keysStack } from './keys/keysStack.js';
import { logsStack } from './logs/logsStack.js';
import { mailStack } from './mail/mailStack.js';
import { REGION } from './naming/names.js';
import { networkStack } from './network/networkStack.js';
import { serviceStack } from './service/serviceStack.js';
import { type EnvironmentName, SIZES } from './size/environments.js';

/** The stacks of one environment, each after those that it needs. The account is that of who deploys. */
export const environmentStacks = (app: Construct, environment: EnvironmentName): Stage => {
  const stage = new Stage(app, environment, { env: { region: REGION } });
  const size = SIZES[environment];
  const { keys, secrets } = keysStack(stage, environment);
  const network = networkStack(stage, environment, size, keys);
  const data = dataStack(stage, environment, size, { keys, secrets, network });
  const logs = logsStack(stage, environment, size, { network, keys, data });
  const mail = mailStack(stage, environment, size, { network, keys });
  edgeStack(stage, environment, size, { network, data });
  serviceStack(stage, environment, size, { network, keys, data, mail, logs });
  return stage;
};
