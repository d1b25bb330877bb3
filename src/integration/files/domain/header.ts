/** More is no table but a broken one. */
export const MAX_COLUMNS = 500;

/**
 * Names for the columns of a file: trimmed, `column 3` where the header is blank, `name (2)` where it says a name again,
 * so that each can be mapped.
 */
export function columnNames(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, index) => {
    const name = cell.trim() || `column ${index + 1}`;
    let unique = name;
    for (let again = 2; taken.has(unique); again += 1) unique = `${name} (${again})`;
    taken.add(unique);
    return unique;
  });
}
