import { OperationFailed, type Shuke, type UploadSource } from '@shuke/client';

/** Brings a file of customers in, tells how far it is, and gives what was refused. */
export async function bringCustomers(shuke: Shuke, file: UploadSource, tell: (part: number) => void): Promise<{ readonly added: number; readonly refused: readonly string[] }> {
  const { data: upload } = await shuke.upload(file, { name: 'customers.csv' });
  const { data: operation } = await shuke.call('createImport', {
    body: { uploadId: upload.id, resource: 'customers', mapping: { 'externalIds.shop': 'uid', name: 'full name', phone: 'mobile' } },
  });
  try {
    await shuke.waitFor(operation, { onProgress: ({ progress: { done, total } }) => tell(total ? done / total : 0) });
  } catch (error) {
    if (error instanceof OperationFailed) throw new Error(`It cannot be imported: ${error.operation.error?.detail ?? ''}`, { cause: error });
    throw error;
  }
  const refused: string[] = [];
  for await (const { line, detail } of shuke.each('listImportProblems', { id: operation.id })) refused.push(`line ${line}: ${detail}`);
  const { data } = await shuke.call('getImport', { id: operation.id });
  return { added: data.counts.created, refused };
}
