import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProgramName } from '../e2e/compose/composeFile.js';
import { CONFIG_READERS } from '../e2e/compose/configReaders.js';
import { secretsForTests } from '../e2e/compose/secretsForTests.js';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../engines/test/engineForTests.js';
import type { Environment } from '../kit/src/env.js';
import { SERVICES, serviceFacts } from './test/chartFiles.js';
import type { ValuesName } from './test/chartTools.js';
import { type PodTemplate, type RenderedChart, renderChart } from './test/renderedChart.js';

/** Which pods write where: uploads, and bodies of requests. */
const WRITABLE: Readonly<Record<string, readonly string[]>> = {
  'command-api': ['/tmp'],
  proxy: ['/tmp'],
};
const ADDRESSES: Environment = {
  EVENTSTORE_URL: 'esdb://ums:password@eventstore:2113',
  DATABASE_URL: 'postgresql://ums:password@postgres/users?sslmode=verify-full',
  VAULT_DATABASE_URL: 'postgresql://ums:password@postgres/vault?sslmode=verify-full',
  POSTGRES_URL: 'postgresql://postgres:password@postgres/postgres?sslmode=verify-full',
};

describeOnOwn(['helm'], 'the pods of the chart', () => {
  let charts: Readonly<Record<ValuesName, RenderedChart>>;
  let secrets: Environment;
  beforeAll(async () => {
    charts = { required: await renderChart('required'), everything: await renderChart('everything') };
    secrets = { ...(await secretsForTests()), ...ADDRESSES };
  }, ENGINE_START_TIMEOUT_MS);

  const podOf = (component: string, values: ValuesName = 'required'): PodTemplate => {
    const pod = charts[values].pods.get(component);
    if (pod === undefined) throw new Error(`there is no pod of ${component}`);
    return pod;
  };
  const allPods = () => Object.values(charts).flatMap(({ pods }) => [...pods]);

  it('are those of the services and the proxy, and on demand the job that creates the databases', () => {
    expect([...charts.required.pods.keys()].sort()).toEqual([...SERVICES, 'proxy'].sort());
    expect([...charts.everything.pods.keys()].sort()).toEqual([...SERVICES, 'databases', 'proxy'].sort());
  });

  it('run as a user without privileges, on a file system that cannot be written, without a token of Kubernetes', () => {
    for (const [component, { spec }] of allPods()) {
      const { runAsUser, ...security } = spec.securityContext;
      expect([component, security]).toMatchObject([
        component,
        { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      ]);
      // Kubernetes cannot tell whether a name is root, and the images name their users.
      expect(runAsUser).toBeGreaterThan(0);
      expect([component, spec.containers.length, spec.automountServiceAccountToken]).toEqual([component, 1, false]);
      expect(spec.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('can write only where they must, in a volume of a limited size', () => {
    for (const [component, { spec }] of allPods()) {
      const writable = (spec.containers[0].volumeMounts ?? []).filter(({ readOnly }) => readOnly !== true);
      expect([component, writable.map(({ mountPath }) => mountPath)]).toEqual([component, WRITABLE[component] ?? []]);
      for (const { name } of writable)
        expect(spec.volumes).toContainEqual({ name, emptyDir: { sizeLimit: expect.stringMatching(/^\d+[MG]i$/) } });
    }
  });

  it('have requests and a limit of memory', () => {
    for (const [, { spec }] of allPods())
      expect(spec.containers[0].resources).toEqual({
        requests: { cpu: expect.stringMatching(/^\d+m?$/), memory: expect.stringMatching(/^\d+[MG]i$/) },
        limits: { memory: expect.stringMatching(/^\d+[MG]i$/) },
      });
    expect(podOf('command-api', 'everything').spec.containers[0].resources.requests).toEqual({
      cpu: '3',
      memory: '1Gi',
    });
  });

  it('are two or more of each, on different machines and in different zones, of which one at a time may be evicted', () => {
    const { of, get } = charts.required;
    for (const { metadata, spec } of of('Deployment')) {
      expect(spec.replicas).toBeGreaterThan(1);
      const { labels } = spec.template.metadata;
      const { spec: budget } = get('PodDisruptionBudget', metadata.name);
      expect([budget.maxUnavailable, labels]).toMatchObject([1, budget.selector.matchLabels]);
      const constraints: PodTemplate['spec']['topologySpreadConstraints'] =
        spec.template.spec.topologySpreadConstraints;
      expect(constraints?.map(({ topologyKey }) => topologyKey)).toEqual([
        'topology.kubernetes.io/zone',
        'kubernetes.io/hostname',
      ]);
      for (const { labelSelector } of constraints ?? []) expect(labels).toMatchObject(labelSelector.matchLabels);
    }
    expect(of('PodDisruptionBudget')).toHaveLength(of('Deployment').length);
  });

  it('F-32 are replaced one by one, each with the time to leave its Services and to finish its work', () => {
    for (const { spec } of charts.required.of('Deployment')) {
      expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
      const pod: PodTemplate['spec'] = spec.template.spec;
      const before = pod.containers[0].lifecycle?.preStop.sleep.seconds ?? 0;
      expect(before).toBeGreaterThan(0);
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(before + 10);
    }
  });

  it.each(SERVICES)('of %s are asked for its health at the port on which it serves', (name) => {
    const [container] = podOf(name).spec.containers;
    const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
    const port = serviceFacts[name].serves === 'api' ? 'http' : 'metrics';
    expect(probes.map((probe) => probe?.httpGet)).toEqual([
      { path: '/health/live', port },
      { path: '/health/live', port },
      { path: '/health/ready', port },
    ]);
    const config = CONFIG_READERS[name](environmentOf(name, 'required'));
    const expected = port === 'http' ? config.PORT : config.METRICS_PORT;
    expect(container.ports).toContainEqual({ name: port, containerPort: expected });
    // Before its liveness counts, a program may migrate tables and wait for those of others.
    const { periodSeconds = 0, failureThreshold = 0 } = container.startupProbe ?? {};
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(300);
  });

  /** The environment in a container, with secrets for tests; optional ones only where `values` has every option. */
  const environmentOf = (component: string, values: ValuesName): Record<string, string> =>
    Object.fromEntries(
      (podOf(component, values).spec.containers[0].env ?? []).flatMap(({ name, value, valueFrom }) => {
        const { key = '', optional } = valueFrom?.secretKeyRef ?? {};
        const secret = secrets[key] ?? secrets[key.replace('_PREVIOUS', '')];
        if (optional && (values === 'required' || secret === undefined)) return [];
        return [[name, value ?? secret ?? `no secret ${key}`]];
      }),
    );

  describe.each([
    ...SERVICES.map((name) => [name, 'required'] as const),
    ...SERVICES.map((name) => [name, 'everything'] as const),
  ])('of %s with the values %s', (name, values) => {
    it('have every variable that their program requires, none that it does not read, and each once', () => {
      const environment = environmentOf(name, values);
      const config = CONFIG_READERS[name as ProgramName](environment);
      expect(Object.keys(config)).toEqual(expect.arrayContaining(Object.keys(environment)));
      const names = (podOf(name, values).spec.containers[0].env ?? []).map((variable) => variable.name);
      expect(names).toEqual([...new Set(names)]);
    });
  });

  it('of the job that creates the databases have what it requires, and come before the others', () => {
    expect(() => CONFIG_READERS.databases(environmentOf('databases', 'everything'))).not.toThrow();
    const { metadata } = charts.everything.get('Job', 'ums-databases');
    expect(metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
  });

  it('K-01 get each secret from the Secret of their own service, and the chart holds none', () => {
    for (const chart of Object.values(charts)) {
      expect(chart.of('Secret')).toEqual([]);
      for (const [component, { spec }] of chart.pods) {
        for (const { name, value, valueFrom } of spec.containers[0].env ?? []) {
          const isSecret =
            /(_KEY|_PREVIOUS|PEPPER|PASSWORD|_KEY_ID|USERNAME|DATABASE_PASSWORD_[A-Z]+|DATABASE_URL|POSTGRES_URL|EVENTSTORE_URL)$/;
          if (!isSecret.test(name)) expect([name, valueFrom, value === '']).toEqual([name, undefined, false]);
          else expect([name, value, valueFrom?.secretKeyRef.key]).toEqual([name, undefined, name]);
          const secretName = valueFrom?.secretKeyRef.name ?? `ums-${component}`;
          const own =
            chart === charts.everything && component === 'command-api' ? 'shared-command-api' : `ums-${component}`;
          if (valueFrom) expect(secretName).toBe(own);
        }
      }
    }
  });

  it('K-04 accept plain text only where the values say so', () => {
    const tlsRequired = (name: ProgramName, values: ValuesName) => {
      const environment = { ...environmentOf(name, values), NODE_ENV: 'production' };
      return CONFIG_READERS[name](environment).REQUIRE_TLS;
    };
    expect(SERVICES.map((name) => tlsRequired(name, 'required'))).toEqual(SERVICES.map(() => false));
    expect([...SERVICES, 'databases' as const].map((name) => tlsRequired(name, 'everything'))).not.toContain(false);
    const { OPENSEARCH_URL: _, ...environment } = environmentOf('projector', 'everything');
    const plain = { ...environment, KAFKA_TLS: 'false', OPENSEARCH_URL: 'http://opensearch:9200' };
    expect(() => CONFIG_READERS.projector(plain)).toThrow(
      /KAFKA_BROKERS is used in plain text[\s\S]*OPENSEARCH_URL is/,
    );
  });

  it('K-04 have the certificates of the engines where there is a ConfigMap of them', () => {
    for (const name of [...SERVICES, 'databases']) {
      const { containers, volumes } = podOf(name, 'everything').spec;
      const mount = { name: 'certificates', mountPath: '/etc/ums/certificates', readOnly: true };
      expect(containers[0].volumeMounts).toContainEqual(mount);
      expect(volumes).toContainEqual({ name: 'certificates', configMap: { name: 'engines' } });
      if (name !== 'databases') expect(podOf(name).spec.volumes ?? []).not.toContainEqual(volumes?.at(-1));
    }
  });

  it('run the program of their service, of one image', () => {
    for (const name of SERVICES) {
      const [{ args, image }] = podOf(name).spec.containers;
      expect([args, image]).toEqual([[`${name}/dist/main.js`], 'user-management-service:0.1.0']);
      expect(podOf(name, 'everything').spec.containers[0].image).toMatch(
        /^registry\.example\.org\/ums@sha256:[0-9a-f]{64}$/,
      );
    }
  });

  it('have a service account each, which can have a role at AWS', () => {
    for (const [component, { spec }] of charts.everything.pods) {
      if (component === 'databases') continue;
      expect(spec.serviceAccountName).toBe(`ums-${component}`);
      expect(charts.everything.get('ServiceAccount', `ums-${component}`)).toMatchObject({
        automountServiceAccountToken: false,
      });
    }
    const { metadata } = charts.everything.get('ServiceAccount', 'ums-notifier');
    expect(Object.keys(metadata.annotations ?? {})).toEqual(['eks.amazonaws.com/role-arn']);
  });
});
