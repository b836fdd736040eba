/** A row of a statement that joins a page to the checkpoint: without a position where the page is empty. */
export interface PageRow {
  position: string | null;
  /** Where the statement stopped before the page was full. */
  stopped_at: string | null;
}

export interface CutPage<Row> {
  rows: (Row & { position: string })[];
  /** The position that the next page begins behind; `null` for the last page. */
  next: string | null;
}

/**
 * Cuts what a statement found to a page of `limit` rows. The statement looks for one row more, which shows that there is a next
 * page.
 */
export const cutPage = <Row extends PageRow>(found: readonly Row[], limit: number): CutPage<Row> => {
  const filled = found.filter((row): row is Row & { position: string } => row.position !== null);
  const rows = filled.slice(0, limit);
  const next = filled.length > limit ? rows.at(-1)?.position : found[0]?.stopped_at;
  return { rows, next: next ?? null };
};
