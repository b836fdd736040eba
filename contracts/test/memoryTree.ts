import { appendLeaves, edgeOf, type TreeEdge } from '../src/tree/appendLeaves.js';
import type { Tile, TileId, TileReader } from '../src/tree/tile.js';

export interface MemoryTree {
  append(leaves: readonly Buffer[]): void;
  read: TileReader;
}

/** A tree whose tiles are in memory. Its edge is taken from the tiles for each append, as after a restart. */
export const memoryTree = (): MemoryTree => {
  const levels: Tile[][] = [];
  const edge = (): TreeEdge => edgeOf(levels.map((tiles) => tiles.at(-1)).filter((tile) => tile !== undefined));
  return {
    append: (leaves) => {
      for (const tile of appendLeaves(edge(), leaves).changed) {
        levels[tile.level] ??= [];
        (levels[tile.level] as Tile[])[tile.index] = tile;
      }
    },
    read: async (ids) => ids.map(({ level, index }) => levels[level]?.[index]?.hashes),
  };
};

/** Records the calls of a reader. */
export const countingReader = ({ read }: MemoryTree): { read: TileReader; calls: (readonly TileId[])[] } => {
  const calls: (readonly TileId[])[] = [];
  return {
    calls,
    read: async (ids) => {
      calls.push(ids);
      return read(ids);
    },
  };
};
