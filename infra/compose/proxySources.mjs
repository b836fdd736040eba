/**
 * Counts the requests that a source has under way. A source is an IPv4 address or, as for the services, the /64 network of an
 * IPv6 address; where that has zeros that the address leaves out, what precedes them. nginx counts a connection from the end
 * of its headers on: whatever is in front of the proxy limits connections that send none. A site is the /48 network of an IPv6
 * address, which holds 65,536 networks of /64. Addresses of IPv4 belong to no site.
 */
export const SOURCE_MAP = `  map $remote_addr $source {
    default $remote_addr;
    "~^(?<network>(?:[0-9a-f]+:){4})" $network;
    "~^(?<start>[0-9a-f:]+)::" $start;
  }
  map $remote_addr $site {
    default "";
    "~^(?<site_network>(?:[0-9a-f]+:){3})" $site_network;
    "~^(?<site_start>[0-9a-f:]+)::" $site_start;
  }
  limit_conn_zone $source zone=sources:1m;
  limit_conn_zone $site zone=sites:1m;
`;
