/**
 * Elastic Beanstalk changes the resources of an environment with the rights of who deploys: an immutable deployment makes an
 * Auto Scaling group, a task definition and rules of the balancer. These actions take no resource that is known before, or
 * take one whose name Elastic Beanstalk makes up.
 */
export const CHANGE_ENVIRONMENTS = [
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
  'elasticloadbalancing:DeregisterTargets',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'elasticloadbalancing:ModifyTargetGroupAttributes',
  'elasticloadbalancing:RegisterTargets',
];

export const CHANGE_STACKS = [
  'cloudformation:DescribeStackEvents',
  'cloudformation:DescribeStackResource',
  'cloudformation:DescribeStackResources',
  'cloudformation:DescribeStacks',
  'cloudformation:GetTemplate',
  'cloudformation:UpdateStack',
];

export const DEPLOY = [
  'elasticbeanstalk:CreateApplicationVersion',
  'elasticbeanstalk:DescribeApplicationVersions',
  'elasticbeanstalk:DescribeEnvironments',
  'elasticbeanstalk:DescribeEvents',
  'elasticbeanstalk:UpdateEnvironment',
];
