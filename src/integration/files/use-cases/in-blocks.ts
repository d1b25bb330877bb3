/**
 * Bytes in blocks of `size` or, the last one, fewer. If the source fails, what came before is given first, so that it is
 * not lost, and the failure after it.
 */
export async function* inBlocks(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let open: Buffer[] = [];
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const part of source) {
      open.push(part);
      bytes += part.length;
      if (bytes < size) continue;
      const whole = Buffer.concat(open);
      const end = whole.length - (whole.length % size);
      for (let at = 0; at < end; at += size) yield whole.subarray(at, at + size);
      open = [whole.subarray(end)];
      bytes = whole.length - end;
    }
  } catch (error) {
    failure = { error };
  }
  if (bytes > 0) yield Buffer.concat(open);
  if (failure) throw failure.error;
}
