import { Stack } from 'aws-cdk-lib';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { buildSpec, repositorySpec } from '../naming/builds.js';
import { ENVIRONMENTS, type EnvironmentName } from '../size/environments.js';
import { bundlePermissions, imagePermissions } from './buildPermissions.js';
import { buildProject } from './buildProject.js';
import { bundleArtifacts, bundleCommands } from './bundleCommands.js';
import { IMAGE_COMMANDS, TAG_FILE } from './imageCommands.js';

/** Names of the projects. */
export interface Projects {
  test: string;
  image: string;
  bundles: Readonly<Record<EnvironmentName, string>>;
}

/** The tests run the configurations of the proxies on nginx, which the image of the builds does not have. */
const INSTALL_NGINX = 'apt-get update && apt-get install --yes --no-install-recommends nginx-light';
/** Then the README's commands. Without JDK, Maven and Go, tests of engines would be skipped; here they must not be. */
const TEST_COMMANDS = [INSTALL_NGINX, 'npm ci', 'REQUIRE_ENGINES=1 npm test'];

/** The projects that test a commit, make its image, and make the bundles of each environment. */
export const buildProjects = (scope: Construct, key: Key): Projects => {
  const { account } = Stack.of(scope);
  const bundles = ENVIRONMENTS.map((environment) => [
    environment,
    buildProject(scope, `bundles-${environment}`, {
      key,
      specification: repositorySpec(bundleCommands(environment), bundleArtifacts(environment)),
      permissions: bundlePermissions(account, environment),
    }),
  ]);
  return {
    test: buildProject(scope, 'tests', { key, specification: repositorySpec(TEST_COMMANDS) }),
    image: buildProject(scope, 'image', {
      key,
      specification: buildSpec(IMAGE_COMMANDS, { artifacts: { files: [TAG_FILE] } }),
      permissions: imagePermissions(account),
    }),
    bundles: Object.fromEntries(bundles) as Projects['bundles'],
  };
};
