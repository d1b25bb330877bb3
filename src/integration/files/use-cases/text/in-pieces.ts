/** Text parts of any size as pieces of `length` characters, the last one shorter, none of which ends within a character. */
export async function* inPieces(parts: AsyncIterable<string>, length: number): AsyncGenerator<string> {
  let text = '';
  for await (const part of parts) {
    text += part;
    while (text.length >= length) {
      const end = isHighSurrogate(text, length - 1) ? length - 1 : length;
      yield text.slice(0, end);
      text = text.slice(end);
    }
  }
  if (text !== '') yield text;
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}
