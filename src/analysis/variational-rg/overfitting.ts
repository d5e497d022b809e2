/**
 * By how many nats KL(P‖P_λ) is too small where it is estimated on the S samples that the p parameters of P_λ were trained on:
 * p/S. At the maximum of the likelihood the sample exceeds the expected log-likelihood of the best parameters by p/2S a
 * sample, and that of the trained parameters falls short of it by as much again (Akaike 1973, the 2p of his criterion).
 *
 * So to first order in 1/S, for independent samples, training that has converged, and a model that contains P (elsewhere Takeuchi's
 * trace takes the place of p). Correlated samples count for fewer and add to it; a penalty, or training that stopped early,
 * leaves fewer effective parameters and less of it. With the soft threshold of L1 count the weights that are not zero.
 */
export function overfittingBias(parameters: number, samples: number): number {
  return parameters / samples;
}
