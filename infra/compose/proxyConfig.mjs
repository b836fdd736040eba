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

/** The paths whose body may hold a file. The service reads it as it comes, and limits it. */
const fileLocations = (routes, prefix, service) =>
  routes
    .filter(({ acceptsFile }) => acceptsFile)
    .map(
      ({ path }) => `
    location ~* ^${pathPattern(prefix + path)} {
      client_max_body_size 6m;
      proxy_request_buffering off;
      proxy_pass http://${service};
    }
`,
    )
    .join('');

/** How nginx finds the services and who its client is, by where it runs. */
const PLACES = {
  compose: {
    service: '$owner:8080',
    http: `  # Docker's name server. A container that is replaced gets another address.
  resolver 127.0.0.11 valid=10s ipv6=off;`,
  },
  kubernetes: {
    service: '$owner',
    http: `  # Written by Helm: the upstreams command-api and query-api, and who may say what the address of the client is.
  include /etc/nginx/release.conf;`,
  },
};

/**
 * The configuration of nginx for the container `proxy`.
 * @param routes the table of routes
 * @param prefix what precedes their paths
 * @param place where the container runs
 */
export const proxyConfig = (routes, prefix, place = 'compose') => {
  const { service, http } = PLACES[place];
  const lines = [...commandPaths(routes, prefix), '~^\\S+ /\\.well-known/jwks\\.json$'].map(
    (pattern) => `    "${pattern}" command-api;\n`,
  );
  return `# Written by \`npm run compose:proxy\` from contracts/src/routes.ts.
worker_processes 1;
pid /tmp/nginx.pid;
# Addresses in an access log, and in errors below crit, would show the tokens of mailed links.
error_log /dev/stderr crit;

events {
  worker_connections 1024;
}

http {
  access_log off;
  server_tokens off;
  client_max_body_size 1m;
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;
  # An answer waits in the service, not on the disk of the proxy: a stream of events may be longer than that.
  proxy_max_temp_file_size 0;
${http}

  map "$request_method $uri" $owner {
    default query-api;
${lines.join('')}  }

  server {
    listen 8080;

    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    # Replaces what the client sent: the services count requests by this address (R-03).
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-Host "";
    proxy_set_header Forwarded "";

    location / {
      proxy_pass http://${service};
    }
${fileLocations(routes, prefix, service)}  }
}
`;
};
