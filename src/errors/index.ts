export { ConfigError, type ConfigIssue } from "./config-error.js";
export { DataError } from "./data-error.js";
export { DivergenceError } from "./divergence-error.js";
export { DomainError } from "./domain-error.js";
export { MissingInputError } from "./missing-input-error.js";
export { OutputError } from "./output-error.js";
export { RbmRgError } from "./rbm-rg-error.js";
export { ResourceError } from "./resource-error.js";
export { UsageError } from "./usage-error.js";
