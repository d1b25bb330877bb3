import { readFile } from 'node:fs/promises';
import type { Input, Shuke, Upload } from '../../sdk/typescript/src/index.js';
import { Complaint } from './complaint.js';
import { EXIT } from './exit-codes.js';

export interface MappingOptions {
  readonly resource?: string;
  readonly mapping?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly constant?: Readonly<Record<string, string>>;
  readonly mappingProfile?: string;
  readonly saveProfile?: string;
}

type ImportBody = Input<'createImport'>['body'];
export type Mapping = NonNullable<ImportBody['mapping']>;

/** What an import goes by: a profile, or a resource with its mapping. */
export type Basis = { readonly profileId: string; readonly mapping?: undefined } | { readonly resource: string; readonly mapping: Mapping };

/** Reads what the options say, before anything is sent. @returns what an import of an upload goes by @throws Complaint if they do not go together */
export async function mappingFor(shuke: Shuke, options: MappingOptions): Promise<(upload: Upload) => Promise<Basis>> {
  const { resource, mappingProfile } = options;
  const given = await mappingGiven(options);
  if (mappingProfile !== undefined) {
    if (given || resource !== undefined || options.saveProfile !== undefined) throw new Complaint('--mapping-profile says resource and mapping already: leave --resource, --mapping, --map, --constant and --save-profile out.', EXIT.usage);
    const profileId = await profileNamed(shuke, mappingProfile);
    return () => Promise.resolve({ profileId });
  }
  if (resource === undefined) throw new Complaint('What are its lines? Say --resource <name>, or --mapping-profile <name>; shuke imports resources lists what there is.', EXIT.usage);
  return async (upload) => ({ resource, mapping: given ?? (await mappingByName(shuke, upload, resource)) });
}

async function profileNamed(shuke: Shuke, wanted: string): Promise<string> {
  const others: string[] = [];
  for await (const { id, name } of shuke.each('listImportProfiles')) {
    if (name === wanted) return id;
    others.push(name);
  }
  throw new Complaint(`No mapping is kept as "${wanted}". ${others.length > 0 ? `There is ${others.join(', ')}.` : 'None is; --save-profile keeps one.'}`, EXIT.usage);
}

/** What the options say, the later over the earlier: file, columns, constants. @returns undefined if they say nothing */
async function mappingGiven({ mapping, map, constant }: MappingOptions): Promise<Mapping | undefined> {
  if (mapping === undefined && !map && !constant) return undefined;
  const constants = Object.entries(constant ?? {}).map(([name, value]) => [name, { constant: value }] as const);
  return { ...(mapping === undefined ? {} : await mappingIn(mapping)), ...map, ...Object.fromEntries(constants) };
}

/** Columns of the file that are called as ours. @throws Complaint that names both sides if there are none */
async function mappingByName(shuke: Shuke, upload: Upload, resource: string): Promise<Mapping> {
  const { data } = await shuke.call('listImportResources');
  const found = data.data.find((one) => one.resource === resource);
  if (!found) throw new Complaint(`"${resource}" cannot be imported. It is one of ${data.data.map((one) => one.resource).join(', ')}.`, EXIT.usage);
  const theirs = upload.columns ?? [];
  const ours = found.columns.map(({ name }) => name);
  const same = theirs.filter((column) => ours.some((name) => isCalled(column, name)));
  const missing = found.columns.filter(({ name, required }) => required && !same.some((column) => isCalled(column, name))).map(({ name }) => name);
  if (same.length > 0 && missing.length === 0) return Object.fromEntries(same.map((column) => [column, column]));
  throw new Complaint(
    [
      missing.length > 0 && same.length > 0 ? `No column of the file is called ${missing.join(' or ')}, which ${resource} need.` : 'No column of the file is called as one of ours.',
      `The file has: ${theirs.join(', ')}`,
      `Ours are:     ${ours.join(', ')}`,
      `To have them found out: shuke imports suggest <file> -r ${resource} -o mapping.json`,
      `Or say which is which: --map '${missing[0] ?? ours.find((name) => name !== 'id' && !name.includes('<')) ?? '…'}=${theirs[0] ?? '…'}'`,
    ].join('\n'),
    EXIT.usage,
  );
}

/** `externalIds.<system>` stands for that with any word of the user's own. */
function isCalled(column: string, ours: string): boolean {
  const [fixed, open] = ours.split('<');
  return open === undefined ? column === ours : column.startsWith(fixed!) && column.length > fixed!.length;
}

async function mappingIn(file: string): Promise<Mapping> {
  const content: unknown = await readFile(file, 'utf8').then(JSON.parse).catch((error: Error) => {
    throw error instanceof SyntaxError ? new Complaint(`${file} is not JSON: ${error.message}`, EXIT.usage) : error;
  });
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Mapping;
  throw new Complaint(`${file} must hold one JSON object: for each of our columns the file's column, or a rule.`, EXIT.usage);
}
