/** Counts the lines of a text that passes in pieces, by its line feeds or, where it has none, its carriage returns. */
export class LineCount {
  private feeds = 0;
  private carriages = 0;
  private endsInLine = false;

  /** So far; a line that the text ends in the middle of counts. */
  get lines(): number {
    return (this.feeds > 0 ? this.feeds : this.carriages) + (this.endsInLine ? 1 : 0);
  }

  add(text: string): void {
    this.feeds += occurrences(text, '\n');
    this.carriages += occurrences(text, '\r');
    this.endsInLine = !text.endsWith('\n') && !text.endsWith('\r');
  }
}

function occurrences(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}
