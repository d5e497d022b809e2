import { DomainError } from "../../errors/index.js";

/**
 * The permutation that minimises Σ_i cost[i, partner_i] for n × n costs, row-major, by shortest augmenting paths (Kuhn 1955;
 * Jonker & Volgenant, Computing 38, 325 (1987)): `partner[i]` is the column of row i. O(n³). DomainError unless the costs are
 * finite and square.
 */
export function cheapestAssignment(cost: Float64Array): Uint32Array {
  const n = Math.round(Math.sqrt(cost.length));
  if (n * n !== cost.length || !cost.every(Number.isFinite)) {
    throw new DomainError(`an assignment of ${cost.length} costs: expected a square of finite numbers.`);
  }
  const rowPotential = new Float64Array(n);
  const columnPotential = new Float64Array(n);
  const rowOf = new Int32Array(n).fill(-1);
  for (let row = 0; row < n; row++) addRow(row, cost, rowPotential, columnPotential, rowOf);
  const partner = new Uint32Array(n);
  rowOf.forEach((row, column) => (partner[row] = column));
  return partner;
}

/** Give `row` a column, moving earlier rows along the path of least reduced cost to a free one. */
function addRow(
  row: number,
  cost: Float64Array,
  rowPotential: Float64Array,
  columnPotential: Float64Array,
  rowOf: Int32Array,
): void {
  const n = rowOf.length;
  const distance = new Float64Array(n).fill(Infinity);
  const previous = new Int32Array(n).fill(-1);
  const done = new Uint8Array(n);
  const visited: number[] = [];
  let [current, column, reached] = [row, -1, 0];
  do {
    let nearest = -1;
    for (let k = 0; k < n; k++) {
      if (done[k] === 1) continue;
      const through = reached + cost[current * n + k] - rowPotential[current] - columnPotential[k];
      if (through < distance[k]) {
        distance[k] = through;
        previous[k] = column;
      }
      if (nearest < 0 || distance[k] < distance[nearest]) nearest = k;
    }
    column = nearest;
    reached = distance[column];
    done[column] = 1;
    visited.push(column);
    current = rowOf[column];
  } while (current >= 0);
  rowPotential[row] += reached;
  for (const k of visited) {
    columnPotential[k] += distance[k] - reached;
    if (rowOf[k] >= 0) rowPotential[rowOf[k]] += reached - distance[k];
  }
  while (column >= 0) {
    const before = previous[column];
    rowOf[column] = before < 0 ? row : rowOf[before];
    column = before;
  }
}
