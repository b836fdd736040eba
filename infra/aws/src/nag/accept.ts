import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Accepts what a rule of cdk-nag finds at a construct and below. */
export const accept = (construct: IConstruct, rule: string, reason: string): void =>
  Validations.of(construct).acknowledge({ id: `AwsSolutions::${rule}`, reason });
