import { PROBLEM_LOCATIONS, PROBLEM_MAPS, REFUSAL_PAGES } from './proxyProblems.mjs';
import { SOURCE_MAP } from './proxySources.mjs';

/** The methods that a route serves: GET implies HEAD. */
const methodsOf = ({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]);

/** A pattern of nginx for a path with parameters as `{name}`; routers accept any case and a slash at the end. */
const pathPattern = (path) => `${path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}/?$`;

/**
 * One line for each path of command-api. Where query-api serves other methods of the path, the line names those of
 * command-api; otherwise it covers every method, because each service answers OPTIONS and refuses other methods for all routes.
 */
const commandPaths = (routes, prefix) =>
  [...new Set(routes.map(({ path }) => path))].flatMap((path) => {
    const all = routes.filter((route) => route.path === path);
    const owned = all.filter(({ owner }) => owner === 'command-api');
    if (owned.length === 0) return [];
    const methods = owned.length === all.length ? '\\S+' : `(${owned.flatMap(methodsOf).join('|')})`;
    return [`~*^${methods} ${pathPattern(prefix + path)}`];
  });

/** The size of a body that is larger than JSON: it may hold a file, or is a notice of SNS. */
const largeBody = ({ acceptsFile, acceptsNotice }) => (acceptsFile ? '6m' : acceptsNotice ? '256k' : undefined);

/** The paths with larger bodies. The service reads them as they come, and limits them: the proxy has no room for many. */
const largeBodyLocations = (routes, prefix, pass) =>
  routes
    .filter((route) => largeBody(route) !== undefined)
    .map(
      (route) => `
    location ~* ^${pathPattern(prefix + route.path)} {
      client_max_body_size ${largeBody(route)};
      proxy_request_buffering off;
      proxy_pass ${pass};
    }
`,
    )
    .join('');

/** Where nothing tells the proxy which origins may read answers of the services. */
const NO_ORIGINS = `  map $http_origin $cors_origin {
    default "";
  }
`;

/** In docker-compose.yml: Docker's name server knows the services, and clients connect to the proxy itself. */
const IN_COMPOSE = {
  lines: `  # Docker's name server. A container that is replaced gets another address.
  resolver 127.0.0.11 valid=10s ipv6=off;
  # The address that the client has used stands for PUBLIC_URL, which nothing tells the proxy here.
  map $http_host $public_url {
    default "";
    "~^[A-Za-z0-9.:\\[\\]-]+$" $scheme://$http_host;
  }
${NO_ORIGINS}`,
  pass: 'http://$owner:8080',
  scheme: '$scheme',
  locations: '',
};

/** In the chart: Helm writes what differs between releases. */
export const IN_KUBERNETES = {
  lines: `  # Written by Helm: the upstreams command-api and query-api, who may say what the address of the client is, $public_url, and
  # $cors_origin, which is the origin of the request if CORS_ORIGINS lists it.
  include /etc/nginx/release.conf;
`,
  pass: 'http://$owner',
  scheme: '$scheme',
  locations: '',
};

/**
 * Behind a balancer that ends TLS and appends the address of its client to `X-Forwarded-For`. The names of the services are
 * in `/etc/hosts` when nginx starts, which a `resolver` would not read.
 * @param addresses CIDR block of the balancer
 * @param ports of the services, on hosts of their names
 * @param publicUrl PUBLIC_URL of the services
 */
export const behindBalancer = (addresses, ports, publicUrl) => ({
  lines: `  upstream command-api {
    server command-api:${ports['command-api']};
  }
  upstream query-api {
    server query-api:${ports['query-api']};
  }
  # $remote_addr is the last address of the header, which the balancer wrote.
  set_real_ip_from ${addresses};
  real_ip_header X-Forwarded-For;
  map $host $public_url {
    default "${publicUrl}";
  }
${NO_ORIGINS}`,
  pass: 'http://$owner',
  scheme: 'https',
  locations: `
    # The balancer asks once for both services: query-api answers if command-api is ready too. If not, nginx takes that for a
    # fault of its own, 500.
    location = /health/ready {
      error_page 500 502 504 =503 @unavailable;
      auth_request /health/command-api;
      proxy_pass http://query-api;
    }

    location = /health/command-api {
      internal;
      proxy_pass http://command-api/health/ready;
    }
`,
});

/**
 * The configuration of nginx for the container `proxy`.
 * @param routes the table of routes
 * @param prefix what precedes their paths
 * @param place where the proxy is
 */
export const proxyConfig = (routes, prefix, { lines: placeLines, pass, scheme, locations } = IN_COMPOSE) => {
  const lines = [...commandPaths(routes, prefix), '~^\\S+ /\\.well-known/jwks\\.json$'].map(
    (pattern) => `    "${pattern}" command-api;\n`,
  );
  return `# Written by \`npm run compose:proxy\` from contracts/src/routes.ts.
worker_processes 1;
# Two for each request.
worker_rlimit_nofile 8300;
pid /tmp/nginx.pid;
# Addresses in an access log, and in errors below crit, would show the tokens of mailed links.
error_log stderr crit;

events {
  # A request that waits in a service takes two: about 20 sources that use all they may take all, or 7 sites.
  worker_connections 4096;
}

http {
  access_log off;
  server_tokens off;
  # As large as JSON may be. Bodies of more than 16 KB, which no route needs, wait in the temporary folder; when that is full, they
  # are refused.
  client_max_body_size 64k;
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  # An answer waits in the service, not on the disk of the proxy: a stream of events may be longer than that.
  proxy_max_temp_file_size 0;
  # A service that does not take the connection is down (F-03): the client learns it soon.
  proxy_connect_timeout 2s;
  resolver_timeout 2s;
  # Names of origins are longer than the default allows.
  map_hash_bucket_size 512;
${placeLines}
${SOURCE_MAP}
${PROBLEM_MAPS}
  # A client of HTTP/1.0 need not send a host, such as the health check of a balancer. A request of HTTP/1.1 must have one.
  map $http_host $passed_host {
    "" localhost;
    default $http_host;
  }
  map "$request_method $uri" $owner {
    default query-api;
${lines.join('')}  }

  server {
    listen 8080;

    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $passed_host;
    # Replaces what the client sent: the services count requests by this address (R-03).
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto ${scheme};
    proxy_set_header X-Forwarded-Host "";
    proxy_set_header Forwarded "";

    # A source that sends or reads slowly leaves connections to others (H-03).
    limit_conn sources 100;
    limit_conn sites 300;
    # How long what a refused client still sends is read, so that it can read why it was refused.
    lingering_time 30s;
    lingering_timeout 1s;

    # No service takes the request, or none answers in time, or no connection to one is left.
    error_page 500 502 504 =503 @unavailable;
    error_page 503 @busy;
    error_page 413 @too-large;
${REFUSAL_PAGES}
    location / {
      proxy_pass ${pass};
    }
${locations}${largeBodyLocations(routes, prefix, pass)}${PROBLEM_LOCATIONS}  }
}
`;
};
