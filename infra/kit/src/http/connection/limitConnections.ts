import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { canonicalIp, ipBucket } from '../request/ipBucket.js';

export interface ConnectionLimit {
  /** Most open connections in all. */
  most: number;
  sourceOf: SourceOf;
  /** Whether a source gets no new connection for now. */
  isBarred(source: string): boolean;
}

/** A source as the limits count it; `undefined` for all proxies together. */
type Source = string | undefined;

/** The source of a connection. */
export type SourceOf = (socket: Pick<Socket, 'remoteAddress'>) => Source;

/** @param isProxy whether a peer is a proxy, which connects for many clients and limits them itself */
export const sourceFinder =
  (isProxy: (address: string) => boolean): SourceOf =>
  ({ remoteAddress = '' }) => {
    const address = canonicalIp(remoteAddress) ?? '';
    return isProxy(address) ? undefined : ipBucket(address);
  };

/**
 * Limits the open connections. While there are as many as allowed, a new one takes the place of the oldest one of the source
 * that holds most, or is closed if its own source holds as many. So a source that opens connections and sends slowly, or
 * nothing, keeps no others out. Proxies lose no connection to others.
 *
 * @returns lists the open connections
 */
export const limitConnections = (
  server: Server,
  { most, sourceOf, isBarred }: ConnectionLimit,
): (() => Iterable<Socket>) => {
  /** Oldest first. */
  const bySource = new Map<Source, Set<Socket>>();
  let all = 0;

  const sizeOf = (source: Source): number => bySource.get(source)?.size ?? 0;
  const remove = (source: Source, socket: Socket): void => {
    if (bySource.get(source)?.delete(socket) !== true) return;
    all -= 1;
    if (sizeOf(source) === 0) bySource.delete(source);
  };
  const greatest = (): Source => {
    let found: Source;
    for (const source of bySource.keys())
      if (source !== undefined && (found === undefined || sizeOf(source) > sizeOf(found))) found = source;
    return found;
  };

  server.on('connection', (socket: Socket) => {
    const source = sourceOf(socket);
    if (source !== undefined && isBarred(source)) return void socket.destroy();
    bySource.set(source, (bySource.get(source) ?? new Set()).add(socket));
    all += 1;
    socket.once('close', () => remove(source, socket));
    if (all <= most) return;
    const other = greatest();
    const yields = other === undefined || (source !== undefined && sizeOf(other) <= sizeOf(source));
    const [oldest] = bySource.get(other) ?? [];
    const closed = yields || oldest === undefined ? socket : oldest;
    remove(closed === socket ? source : other, closed);
    closed.destroy();
  });
  return () => [...bySource.values()].flatMap((sockets) => [...sockets]);
};
