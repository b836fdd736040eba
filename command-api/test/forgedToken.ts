/** Has the form of a token for a registration, and was never issued. */
export const FORGED_TOKEN = `v1.AAAAAAAA.confirm.00000000-0000-4000-8000-000000000000.4102444800..${'A'.repeat(43)}`;
