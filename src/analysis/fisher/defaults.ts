/** What is taken where nothing is asked for: model samples, Gibbs steps of each chain, and directions shown. */
export const defaultFisher = { samples: 1000, steps: 500, directions: 6 } as const;
