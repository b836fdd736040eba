/** The health check of the image: exit code 0 when the service of this container is ready. */
const port = process.env.PORT || process.env.METRICS_PORT || '8080';
const signal = AbortSignal.timeout(4_000);
const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal }).catch(() => undefined);
await answer?.body?.cancel();
process.exitCode = answer?.ok ? 0 : 1;
