/** A number of records, in words. */
export const counted = (records: number): string => (records === 1 ? '1 record' : `${records} records`);
