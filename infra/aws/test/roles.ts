import { describe, expect, it } from '@jest/globals';
import { ENVIRONMENTS, type EnvironmentName } from '../src/size/environments.js';
import { ROLE_ACTIONS } from './role-actions/roleActions.js';
import { type FoundResource, resourcesOf } from './synthesized.js';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  Principal?: unknown;
}

const statementsOf = (document: unknown): Statement[] => {
  const { Statement: statements } = document as { Statement: Statement | Statement[] };
  return [statements].flat();
};

const actionsOf = ({ Action }: Statement): string[] => [Action].flat();

const isPolicyOf =
  (role: FoundResource) =>
  ({ stack, Properties }: FoundResource): boolean =>
    stack === role.stack && JSON.stringify(Properties.Roles).includes(`"${role.id}"`);

/** `service/apirole` for the role `apirole` in `ums-production-service`. */
const nameOf = ({ stack, id }: FoundResource): string =>
  `${stack.replace(/^ums-([a-z]+-)?(?=[a-z]+$)/, '')}/${id.replace(/[0-9A-F]{8}$/, '')}`;

const withoutEnvironment = (name: string): string => name.replace(/^ums-[a-z]+-/, '');

/** Actions for which AWS has no resource, or none whose name is known before: none reads a secret, a key or an object. */
const WITHOUT_RESOURCE =
  /^(autoscaling|cloudwatch|ec2|ecs|elasticloadbalancing|es:DescribeDomains|ssm:UpdateInstanceInformation|ssmmessages|ecr:GetAuthorizationToken|elasticbeanstalk:PutInstanceStatistics)(:|$)/;

/** The environments that a role of the delivery is for by its name; any other role is for that of its stack. */
const ownEnvironments = (role: FoundResource): readonly EnvironmentName[] => {
  const [name = ''] = ENVIRONMENTS.filter((each) => nameOf(role).includes(each) || role.stack.includes(`-${each}-`));
  return nameOf(role) === 'delivery/umsproductionrole'
    ? ['staging', 'production']
    : ENVIRONMENTS.filter((each) => each === name);
};

const roles = resourcesOf('AWS::IAM::Role');
const policies = resourcesOf('AWS::IAM::Policy');

const granted = (role: FoundResource): Statement[] =>
  policies.filter(isPolicyOf(role)).flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument));

export const roleTests = (): void =>
  describe('the roles', () => {
    it('are those listed, each with the actions listed, in every environment', () => {
      const found: Record<string, string[]> = {};
      for (const role of roles) {
        const actions = [...new Set(granted(role).flatMap(actionsOf))].sort();
        found[nameOf(role)] ??= actions;
        expect([nameOf(role), actions]).toEqual([nameOf(role), found[nameOf(role)]]);
      }
      expect(found).toEqual(ROLE_ACTIONS);
    });

    it('have no managed policy and no inline policy, which would grant more than is listed', () => {
      for (const { Properties } of roles)
        expect([Properties.ManagedPolicyArns, Properties.Policies]).toEqual([undefined, undefined]);
      expect(resourcesOf('AWS::IAM::ManagedPolicy', 'AWS::IAM::User', 'AWS::IAM::AccessKey')).toEqual([]);
    });

    it('name every action: none has a wildcard', () => {
      const wild = policies
        .flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument))
        .flatMap(actionsOf)
        .filter((action) => action.includes('*'));
      expect(wild).toEqual([]);
    });

    it('may each be assumed by one service of AWS or, to start a pipeline, by GitHub, and by nobody else', () => {
      for (const role of roles) {
        const [statement, ...others] = statementsOf(role.Properties.AssumeRolePolicyDocument);
        expect(others).toEqual([]);
        const federated = nameOf(role).startsWith('delivery/github');
        expect(Object.keys(statement?.Principal as object)).toEqual([federated ? 'Federated' : 'Service']);
      }
    });

    it('reach nothing of an environment that they are not for', () => {
      for (const role of roles) {
        const own = ownEnvironments(role);
        const named = granted(role).flatMap(({ Resource }) =>
          ENVIRONMENTS.filter((name) => new RegExp(`[/_-]${name}[-/"]`).test(JSON.stringify(Resource))),
        );
        expect([nameOf(role), named.filter((name) => !own.includes(name))]).toEqual([nameOf(role), []]);
      }
    });

    it('have the permission for any resource only with actions that are listed for it', () => {
      const unlimited = new Set(
        policies
          .flatMap(({ Properties }) => statementsOf(Properties.PolicyDocument))
          .filter(({ Resource }) => [Resource].flat().includes('*'))
          .flatMap(actionsOf),
      );
      expect([...unlimited].filter((action) => !WITHOUT_RESOURCE.test(action))).toEqual([]);
      expect(unlimited.size).toBeGreaterThan(20);
    });

    it('decrypt MASTER_KEY only where a service has it', () => {
      for (const role of roles) {
        const key = granted(role).some((statement) => JSON.stringify(statement).includes('masterkey'));
        expect([nameOf(role), key]).toEqual([
          nameOf(role),
          /^service\/(api|projector|notifier)executionrole$/.test(nameOf(role)),
        ]);
      }
      const keys = resourcesOf('AWS::KMS::Key').filter(({ id }) => id.startsWith('masterkey'));
      expect(keys).toHaveLength(4);
      for (const { Properties } of keys) {
        const [administration, ...uses] = statementsOf(Properties.KeyPolicy);
        const opening = /Decrypt|Encrypt|GenerateDataKey|CreateGrant|\*/;
        expect(actionsOf(administration as Statement).filter((action) => opening.test(action))).toEqual([]);
        const decrypting = uses.filter((use) => actionsOf(use).includes('kms:Decrypt'));
        expect(
          decrypting.map((use) =>
            JSON.stringify(use)
              .match(/(?<=:role\/)[^"]+/g)
              ?.map(withoutEnvironment),
          ),
        ).toEqual([['api-execution', 'projector-execution', 'notifier-execution', 'cdk-*-cfn-exec-role-*']]);
        for (const use of uses)
          expect(JSON.stringify(use)).toContain('"kms:ViaService":"secretsmanager.us-east-1.amazonaws.com"');
      }
    });
  });
