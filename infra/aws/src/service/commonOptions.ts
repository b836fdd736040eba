/** Options of every fleet: how it grows, deploys, tells its health and takes updates of the platform. */
export const COMMON_OPTIONS = {
  'aws:autoscaling:trigger': {
    MeasureName: 'CPUUtilization',
    Unit: 'Percent',
    UpperThreshold: '60',
    LowerThreshold: '20',
    Period: '1',
    BreachDuration: '3',
  },
  'aws:autoscaling:updatepolicy:rollingupdate': { RollingUpdateEnabled: 'true', RollingUpdateType: 'Immutable' },
  'aws:elasticbeanstalk:command': {
    DeploymentPolicy: 'Immutable',
    IgnoreHealthCheck: 'false',
    HealthCheckSuccessThreshold: 'Ok',
    Timeout: '1800',
  },
  'aws:elasticbeanstalk:healthreporting:system': { SystemType: 'enhanced', EnhancedHealthAuthEnabled: 'true' },
  'aws:elasticbeanstalk:managedactions': {
    ManagedActionsEnabled: 'true',
    PreferredStartTime: 'Tue:03:00',
    ServiceRoleForManagedUpdates: 'AWSServiceRoleForElasticBeanstalkManagedUpdates',
  },
  'aws:elasticbeanstalk:managedactions:platformupdate': {
    UpdateLevel: 'minor',
    InstanceRefreshEnabled: 'true',
  },
} as const;
