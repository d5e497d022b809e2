/** An RBM's layers and the rows worked on at a time. */
export interface Shape {
  readonly visible: number;
  readonly hidden: number;
  /** Batch or chains. */
  readonly rows: number;
}

export function shape(visible: number, hidden: number, rows: number): Shape {
  return { visible, hidden, rows };
}

export function shapeName({ visible, hidden, rows }: Shape): string {
  return `${visible}x${hidden}x${rows}`;
}

/** visible · hidden · rows: the multiply-adds of one dense product. */
export function volume({ visible, hidden, rows }: Shape): number {
  return visible * hidden * rows;
}

/** Updates that make a round of some tenths of a second. */
export function updatesPerRound(size: Shape, quick: boolean): number {
  const updates = Math.min(400, Math.max(3, Math.round(1.6e9 / volume(size))));
  return quick ? Math.ceil(updates / 20) : updates;
}
