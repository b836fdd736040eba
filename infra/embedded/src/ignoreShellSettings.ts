/**
 * Variables that client libraries read by themselves: grpc-js and HTTP clients take a proxy, pg every connection parameter
 * that a URL leaves open, the AWS SDK its region, profile, credentials and the kind of endpoint, the inbox a server to which it
 * passes mail on, kafkajs how much it logs.
 */
const READ_BY_CLIENTS = /^((https?|grpc|all|no|no_grpc)_proxy|PG[A-Z]+|AWS_(?!SDK_JS_).+|SMTP_TRANSPORT|KAFKAJS_.+)$/i;
/**
 * Removes the variables from this process's environment that would change how clients connect to engines on loopback. They
 * belong to other programs of the shell. All that these clients need is in the URLs of the engines. A service that runs
 * alone against other engines does not call this, so an operator's settings count there.
 *
 * With `NODE_USE_ENV_PROXY`, Node.js has read the proxies before this is called. What `no_proxy` says, its `fetch` reads at
 * each request.
 */
export const ignoreShellSettings = (env: Record<string, string | undefined> = process.env): void => {
  for (const name of Object.keys(env)) if (READ_BY_CLIENTS.test(name)) delete env[name];
  env.no_proxy = '*';
};
