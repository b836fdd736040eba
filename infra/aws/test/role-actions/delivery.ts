import { all, PULL_IMAGES, WRITE_LINES } from './groups.js';

/** What every build of a pipeline does with its artifacts. */
const BUILD = all(WRITE_LINES, [
  'codestar-connections:UseConnection',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  's3:GetObject',
  's3:GetObjectVersion',
  's3:PutObject',
]);

const BUNDLES = all(BUILD, ['kafka:GetBootstrapBrokers', 'secretsmanager:GetSecretValue', 'ssm:GetParameter']);

/** What Elastic Beanstalk does with the rights of a pipeline. */
const CHANGE_ENVIRONMENTS = [
  'autoscaling:AttachInstances',
  'autoscaling:CreateAutoScalingGroup',
  'autoscaling:DeleteAutoScalingGroup',
  'autoscaling:DeletePolicy',
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeAutoScalingInstances',
  'autoscaling:DescribeScalingActivities',
  'autoscaling:DetachInstances',
  'autoscaling:PutScalingPolicy',
  'autoscaling:ResumeProcesses',
  'autoscaling:SuspendProcesses',
  'autoscaling:TerminateInstanceInAutoScalingGroup',
  'autoscaling:UpdateAutoScalingGroup',
  'cloudformation:DescribeStackEvents',
  'cloudformation:DescribeStackResource',
  'cloudformation:DescribeStackResources',
  'cloudformation:DescribeStacks',
  'cloudformation:GetTemplate',
  'cloudformation:UpdateStack',
  'ec2:CreateLaunchTemplate',
  'ec2:CreateLaunchTemplateVersion',
  'ec2:CreateTags',
  'ec2:DeleteLaunchTemplate',
  'ec2:DescribeImages',
  'ec2:DescribeInstances',
  'ec2:DescribeLaunchTemplateVersions',
  'ec2:DescribeLaunchTemplates',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ec2:RunInstances',
  'ecs:DeregisterTaskDefinition',
  'ecs:DescribeClusters',
  'ecs:DescribeTaskDefinition',
  'ecs:RegisterTaskDefinition',
  'elasticbeanstalk:CreateApplicationVersion',
  'elasticbeanstalk:DescribeApplicationVersions',
  'elasticbeanstalk:DescribeEnvironments',
  'elasticbeanstalk:DescribeEvents',
  'elasticbeanstalk:UpdateEnvironment',
  'elasticloadbalancing:DeregisterTargets',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:ModifyTargetGroupAttributes',
  'elasticloadbalancing:RegisterTargets',
  'iam:PassRole',
];

const PIPELINE = all(CHANGE_ENVIRONMENTS, [
  'cloudwatch:DescribeAlarms',
  'codebuild:BatchGetBuilds',
  'codebuild:StartBuild',
  'codestar-connections:UseConnection',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  's3:GetBucketLocation',
  's3:GetBucketVersioning',
  's3:GetObject',
  's3:GetObjectAcl',
  's3:GetObjectVersion',
  's3:ListBucket',
  's3:PutObject',
  's3:PutObjectAcl',
]);

/** Of a run of a workflow of GitHub. */
const START_AND_WATCH = [
  'codepipeline:GetPipelineExecution',
  'codepipeline:GetPipelineState',
  'codepipeline:StartPipelineExecution',
];

export const DELIVERY_ROLES = {
  'delivery/bundlesdevelopmentrole': BUNDLES,
  'delivery/bundlesproductionrole': BUNDLES,
  'delivery/bundlesstagingrole': BUNDLES,
  'delivery/bundlestestrole': BUNDLES,
  'delivery/githubdevelopmentrole': START_AND_WATCH,
  'delivery/githubproductionrole': START_AND_WATCH,
  'delivery/githubstagingrole': START_AND_WATCH,
  'delivery/imagerole': all(BUILD, PULL_IMAGES, [
    'ecr:CompleteLayerUpload',
    'ecr:DescribeImageScanFindings',
    'ecr:DescribeImages',
    'ecr:InitiateLayerUpload',
    'ecr:PutImage',
    'ecr:UploadLayerPart',
  ]),
  'delivery/testsrole': BUILD,
  'delivery/umsdevelopmentrole': PIPELINE,
  // It asks a person.
  'delivery/umsproductionrole': all(PIPELINE, ['sns:Publish']),
  'delivery/umsstagingrole': PIPELINE,
  'delivery/umstestrole': PIPELINE,
};
