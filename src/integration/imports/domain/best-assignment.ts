/**
 * Pairs rows with columns so that the weights of the pairs sum to the most; each is in one pair at most, and pairs of
 * weight 0 are none. By the Hungarian method with potentials (Kuhn 1955, Munkres 1957) in rows² × (rows + columns) steps.
 * @param weights one list a row, all of one length, none negative.
 * @returns for each row its column, or undefined
 */
export function bestAssignment(weights: readonly (readonly number[])[]): (number | undefined)[] {
  const rows = weights.length;
  const columns = weights[0]?.length ?? 0;
  // A place of its own for every row that is better off alone.
  const places = columns + rows;
  const costOf = (row: number, place: number): number => -(weights[row - 1]![place - 1] ?? 0);
  const ofRow = filled<number>(rows + 1, 0);
  const ofPlace = filled<number>(places + 1, 0);
  const holder = filled<number>(places + 1, 0);

  for (let row = 1; row <= rows; row += 1) {
    const slack = filled<number>(places + 1, Infinity);
    const before = filled<number>(places + 1, 0);
    const isTied = filled<boolean>(places + 1, false);
    holder[0] = row;
    let place = 0;
    while (holder[place] !== 0) {
      isTied[place] = true;
      let least = Infinity;
      let next = 0;
      for (let other = 1; other <= places; other += 1) {
        if (isTied[other]) continue;
        const reduced = costOf(holder[place]!, other) - ofRow[holder[place]!]! - ofPlace[other]!;
        if (reduced < slack[other]!) {
          slack[other] = reduced;
          before[other] = place;
        }
        if (slack[other]! < least) {
          least = slack[other]!;
          next = other;
        }
      }
      for (let other = 0; other <= places; other += 1) {
        if (isTied[other]) {
          ofRow[holder[other]!]! += least;
          ofPlace[other]! -= least;
        } else {
          slack[other]! -= least;
        }
      }
      place = next;
    }
    while (place !== 0) {
      holder[place] = holder[before[place]!]!;
      place = before[place]!;
    }
  }

  const found = filled<number | undefined>(rows, undefined);
  for (let place = 1; place <= columns; place += 1) {
    const row = holder[place]!;
    if (row !== 0 && weights[row - 1]![place - 1]! > 0) found[row - 1] = place - 1;
  }
  return found;
}

function filled<T>(length: number, value: T): T[] {
  return Array.from({ length }, () => value);
}
