import { REGION } from '../naming/names.js';
import type { Permission } from './allowing.js';

/** Bucket of what the pipeline passes from stage to stage. The roles of its projects are in other stacks, which need the name. */
export const artifactBucketName = (account: string): string => `ums-artifacts-${account}-${REGION}`;

/** Alias of the key that encrypts it. */
export const ARTIFACT_KEY_ALIAS = 'alias/ums-delivery';

/** Allows to decrypt artifacts. The id of the key is not known in the stacks of the environments, so its alias stands for it. */
export const decryptArtifacts = (account: string): Permission => ({
  actions: ['kms:Decrypt'],
  resources: [`arn:aws:kms:${REGION}:${account}:key/*`],
  conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ARTIFACT_KEY_ALIAS } },
  pattern: 'the condition limits it to one key, by its alias',
});
