/** What is taken where nothing is asked for: pairs up to this distance in sites (or spacings of hidden spins), and rows. */
export const defaultCouplings = { reach: 6, rows: 2000 } as const;
