/** What is taken where nothing is asked for: model samples, Gibbs steps of each chain, and directions shown. */
export const defaultFisher = { samples: 1000, steps: 500, directions: 6 } as const;

/** Most samples: the Gram matrix has 8 · samples² bytes, and its eigenvalues cost samples³ operations. */
export const MOST_FISHER_SAMPLES = 5000;
