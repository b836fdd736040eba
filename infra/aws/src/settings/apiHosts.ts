/** Ports of the instance at which the APIs are. No security group opens them to other machines. */
export const API_PORTS = { 'command-api': 8081, 'query-api': 8082 } as const;

/** The instance on Docker's bridge. */
const INSTANCE = '172.17.0.1';

/** Docker's bridge, on which the containers of an instance reach each other. Nothing else is in it. */
export const DOCKER_NETWORK = '172.17.0.0/16';

/**
 * The names of the APIs for the containers of their fleet. Links between containers would do the same, but Docker hands the
 * whole environment of a container, with its secrets, to those that link to it.
 */
export const API_HOSTS = Object.keys(API_PORTS).map((hostname) => ({ hostname, ipAddress: INSTANCE }));

/** Where query-api reads the public keys. */
export const JWKS_URL = `http://command-api:${API_PORTS['command-api']}/.well-known/jwks.json`;
