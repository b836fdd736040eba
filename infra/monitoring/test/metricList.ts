import { getHeapSpaceStatistics } from 'node:v8';
import { FEEDBACK_KINDS } from '../../../command-api/src/mail-feedback/countFeedback.js';
import { RECONCILER } from '../../../command-api/src/reconciler/reconcilerPosition.js';
import { PUBLISHER } from '../../../contracts/src/kafka/publisher.js';
import { PICTURE_REJECTIONS } from '../../../contracts/src/processedPicture.js';
import { API_PREFIX, ROUTES } from '../../../contracts/src/routes.js';
import { PAUSE_REASONS } from '../../../notifier/src/mail/sendingPause.js';
import { MAIL_CONSUMER } from '../../../notifier/src/mailConsumer.js';
import { MAIL_TEMPLATES } from '../../../notifier/src/mails.js';
import { PICTURE_CONSUMER } from '../../../notifier/src/pictureConsumer.js';
import { PROJECTIONS } from '../../../projector/src/projections.js';

/** A metric of one of the processes. */
export interface ListedMetric {
  type: 'counter' | 'gauge' | 'histogram';
  /** The values that each label may take, apart from `le` of histograms. A pattern has few matches. */
  labels: Readonly<Record<string, readonly string[] | RegExp>>;
  /** Without it, the metric is missing. */
  needs?: 'Kafka' | 'no Kafka' | 'OpenSearch' | 'Linux' | 'the embedded engines' | 'a picture' | 'an error';
}

const DOCUMENT_ROUTES = [
  ...['/', '/health/live', '/health/ready', '/problems/:slug', '/.well-known/jwks.json', '/.well-known/notary-keys'],
  ...['/openapi.json', '/apidocs', '/apidocs/swagger-initializer.js', '/asyncapi.json', '/asyncapi'],
];
const templateOf = (path: string): string => API_PREFIX + path.replace(/\{(\w+)\}/g, ':$1');

/** `none` is every path that no route matches. */
const http_route = [...new Set([...ROUTES.map(({ path }) => templateOf(path)), ...DOCUMENT_ROUTES, 'none'])];
const http_request_method = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', '_OTHER'];
const http_response_status_code = /^[1-5]\d\d$/;

const SERVICE_CHECKS: Readonly<Record<string, readonly string[]>> = {
  'command-api': ['log', 'vault', 'reconciler'],
  'query-api': ['postgres', 'vault', 'jwks', 'reconciler'],
  projector: ['log', 'postgres', 'projection', 'publisher'],
  notifier: ['log', 'postgres', 'vault', 'messages'],
  notary: ['log', 'postgres', 'tree', 'checkpoints'],
};
/** In one process with the others, a service's checks have its name as prefix. */
const check = Object.entries(SERVICE_CHECKS).flatMap(([service, checks]) => [
  ...checks,
  ...checks.map((name) => `${service}.${name}`),
]);

const db_client_connection_pool_name = [
  ...['command-api', 'command-api-export', 'reconciler', 'query-api', 'query-api-feed', 'query-api-vault'],
  ...['projector', 'projector-vault', 'notifier', 'notifier-vault', 'notary', 'notary-vault'],
];

const projection = PROJECTIONS.map(({ name }) => name);
const consumer = [MAIL_CONSUMER, PICTURE_CONSUMER];
/** Followers that read behind themselves. */
const lane = [...projection, ...consumer, RECONCILER, PUBLISHER];
const restartReason = [
  ...['RevisionGap', 'Superseded', 'LogUnavailable', 'DependencyUnavailable', 'TimedOut', 'MissingKey', 'SealBroken'],
  ...['Undecodable', 'TopicMismatch', 'RecordTooLarge', 'Fenced', 'KafkaJSError', 'DatabaseError', 'other'],
];
const fate = [
  ...['sent', 'resent', 'not-accepted', 'unanswered', 'unknown', 'dead', 'ended', 'expired', 'silent'],
  'undeliverable',
];
const loginOutcome = [
  ...['succeeded', 'credentials-invalid', 'email-not-confirmed', 'account-suspended', 'too-many-attempts'],
  ...['busy', 'dependency-unavailable', 'internal-error'],
];
/** Where it is not known yet which mail it is, the template is empty. */
const template = [...new Set([...MAIL_TEMPLATES.map((mail) => mail.template), ''])];
const space = getHeapSpaceStatistics().map(({ space_name }) => space_name.replace(/_space$/, ''));
const version = /^v?\d+(\.\d+\.\d+)?$/;

const gauge = (labels: ListedMetric['labels'] = {}): ListedMetric => ({ type: 'gauge', labels });
const counter = (labels: ListedMetric['labels'] = {}): ListedMetric => ({ type: 'counter', labels });
const needing = (needs: NonNullable<ListedMetric['needs']>, metric: ListedMetric): ListedMetric => ({
  ...metric,
  needs,
});

/** Every metric of every process. A new metric is added here, and to the README if operators need to know it. */
export const METRICS: Readonly<Record<string, ListedMetric>> = {
  http_server_request_duration_seconds: {
    type: 'histogram',
    labels: { http_route, http_request_method, http_response_status_code },
  },
  ums_logins_total: counter({ outcome: loginOutcome }),
  ums_hash_queue_running: gauge(),
  ums_hash_queue_waiting: gauge(),
  ums_hash_queue_refused_total: counter(),
  db_client_connection_count: gauge({ db_client_connection_pool_name, db_client_connection_state: ['idle', 'used'] }),
  db_client_connection_pending_requests: gauge({ db_client_connection_pool_name }),
  db_client_connection_max: gauge({ db_client_connection_pool_name }),
  ums_ready: gauge(),
  ums_check_up: gauge({ check }),

  ums_events_not_delivered_total: counter({ lane }),
  ums_reconciler_lag_seconds: gauge(),
  ums_reconciler_lag_events: gauge(),
  ums_projection_lag_seconds: gauge({ projection }),
  ums_projection_lag_events: gauge({ projection }),
  ums_projection_parked: gauge({ projection }),
  ums_projection_events_total: counter({ projection }),
  ums_projection_batches_total: counter({ projection }),
  ums_projection_unknown_events_total: counter({ projection }),
  ums_projection_failures_total: counter({ projection }),
  ums_projection_restarts_total: needing('an error', counter({ projection, reason: restartReason })),
  ums_publisher_lag_seconds: needing('Kafka', gauge()),
  ums_publisher_lag_events: needing('Kafka', gauge()),
  ums_publisher_records_total: needing('Kafka', counter()),
  ums_publisher_restarts_total: needing('an error', counter({ reason: restartReason })),
  ums_notary_lag_seconds: gauge(),
  ums_notary_lag_events: gauge(),
  ums_notary_events_total: counter(),
  ums_notary_checkpoints_total: counter(),
  ums_notary_checkpoint_age_seconds: gauge(),
  ums_notary_refused: gauge(),
  ums_notary_halted_position: gauge(),
  ums_notary_place_up: gauge({ place: ['file', 'bucket', 'topic'] }),
  ums_notary_receipts_total: counter(),
  ums_notary_receipts_up: gauge(),
  ums_consumer_lag_seconds: gauge({ consumer }),
  ums_consumer_lag_events: needing('no Kafka', gauge({ consumer })),
  ums_consumer_lag_messages: needing('Kafka', gauge({ consumer })),
  ums_dead_messages_total: counter({ consumer, reason: ['refused', 'failed', 'unreadable'] }),
  ums_mails_total: counter({ fate, template }),
  ums_mail_paused: gauge({ reason: [...PAUSE_REASONS] }),
  ums_mail_feedback_total: counter({ kind: [...FEEDBACK_KINDS] }),
  ums_picture_processing_seconds: needing('a picture', {
    type: 'histogram',
    labels: { outcome: ['processed', ...PICTURE_REJECTIONS] },
  }),
  ums_log_lines_total: needing('OpenSearch', counter({ outcome: ['indexed', 'dropped'] })),
  ums_data_dir_free_bytes: needing('the embedded engines', gauge()),
  ums_data_dir_size_bytes: needing('the embedded engines', gauge()),

  nodejs_eventloop_delay_p99_seconds: gauge(),
  nodejs_eventloop_delay_max_seconds: gauge(),
  nodejs_eventloop_time_seconds_total: counter({ nodejs_eventloop_state: ['active', 'idle'] }),
  nodejs_gc_duration_seconds: { type: 'histogram', labels: { kind: ['major', 'minor', 'incremental', 'weakcb'] } },
  nodejs_heap_size_total_bytes: gauge(),
  nodejs_heap_size_used_bytes: gauge(),
  nodejs_external_memory_bytes: gauge(),
  nodejs_heap_space_size_total_bytes: gauge({ space }),
  nodejs_heap_space_size_used_bytes: gauge({ space }),
  nodejs_heap_space_size_available_bytes: gauge({ space }),
  nodejs_version_info: gauge({ version, major: version, minor: version, patch: version }),
  process_cpu_user_seconds_total: counter(),
  process_cpu_system_seconds_total: counter(),
  process_cpu_seconds_total: counter(),
  process_start_time_seconds: gauge(),
  process_resident_memory_bytes: gauge(),
  process_virtual_memory_bytes: needing('Linux', gauge()),
  process_heap_bytes: needing('Linux', gauge()),
  process_open_fds: needing('Linux', gauge()),
  process_max_fds: needing('Linux', gauge()),
};

export const allows = (values: readonly string[] | RegExp, value: string): boolean =>
  values instanceof RegExp ? values.test(value) : values.includes(value);
