import type { Shuke } from '@shuke/client';

/** Takes out who has one of these tags, as it comes; `tell` is told how many are in the file. @returns the bytes written */
export async function takeCustomersOut(shuke: Shuke, tags: readonly string[], into: WritableStream<Uint8Array>, tell: (records: number) => void): Promise<number> {
  const { stream, bytes } = await shuke.export({ resource: 'customers', format: 'ndjson', filters: { tagsAny: [...tags] } }, { onProgress: ({ progress }) => tell(progress.done) });
  await stream.pipeTo(into);
  return bytes;
}
