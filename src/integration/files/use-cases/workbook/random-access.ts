/** A file of which any part can be read. */
export interface RandomAccessFile {
  /** In bytes. */
  readonly size: number;
  /** The bytes from `from` up to, not including, `to`, in parts of any size. */
  read(from: number, to: number): AsyncIterable<Buffer>;
}

export async function readAll(file: RandomAccessFile, from: number, to: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of file.read(from, to)) parts.push(part);
  return Buffer.concat(parts);
}
