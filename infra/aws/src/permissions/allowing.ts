import { Stack } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { accept } from '../nag/accept.js';

export interface Permission {
  actions: readonly string[];
  resources: readonly string[];
  conditions?: Conditions;
  /** Why a resource is a pattern. Without it, a pattern is a finding of cdk-nag. */
  pattern?: string;
}

/** Adds permissions to a role. The exception that cdk-nag needs for a pattern stands next to the permission, with its reason. */
export const allowing =
  (role: Role) =>
  ({ actions, resources, conditions = {}, pattern }: Permission): void => {
    role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }));
    if (pattern === undefined) return;
    const { account } = Stack.of(role);
    for (const resource of resources.filter((name) => name.includes('*')))
      accept(role, `AwsSolutions-IAM5[Resource::${resource.replaceAll(account, '<AWS::AccountId>')}]`, pattern);
  };

/** Reasons that several permissions share. */
export const NO_RESOURCE = 'AWS defines no resource for these actions, or none whose name is known before';
export const OBJECTS = 'objects of one bucket, whose keys are made at run time';
export const STREAMS = 'streams of log groups of this environment, whose names are made at run time';
