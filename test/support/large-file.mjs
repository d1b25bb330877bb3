import { register } from 'node:module';

register('./typescript-loader.mjs', import.meta.url);

/** Takes a large file in and reads it line by line, as a process of its own so that its memory is its own. Arguments: csv or xlsx, rows or the path of the workbook. Prints what it measured. */
const { measureLargeFile } = await import('./measure-large-file.ts');
const [, , format, subject] = process.argv;
process.stdout.write(JSON.stringify(await measureLargeFile(format, subject)));
