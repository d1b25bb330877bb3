import type { Data, Shuke } from '../../sdk/typescript/src/index.js';
import { Complaint } from './complaint.js';
import { EXIT } from './exit-codes.js';

type Filter = Data<'listExportResources'>['data'][number]['filters'][number];

/**
 * Filters as typed, in the form the server takes them: a list where it takes several, a number where it takes one. What it
 * does not know it is told as it stands, and says so itself.
 */
export async function filtersOf(shuke: Shuke, resource: string, given: Readonly<Record<string, string>>): Promise<Record<string, string | number | string[]>> {
  const { data } = await shuke.call('listExportResources');
  const found = data.data.find((one) => one.resource === resource);
  if (!found) throw new Complaint(`"${resource}" cannot be exported. It is one of ${data.data.map((one) => one.resource).join(', ')}.`, EXIT.usage);
  return Object.fromEntries(Object.entries(given).map(([name, text]) => [name, valueOf(found.filters.find((filter) => filter.name === name), text)]));
}

function valueOf(filter: Filter | undefined, text: string): string | number | string[] {
  if (filter?.many) return text.split(',');
  return filter?.type === 'integer' && /^\d+$/.test(text) ? Number(text) : text;
}
