// Runs a TypeScript file of this folder: node bench/typescript.mjs ./main.ts W1 --rounds 5
import { register } from 'node:module';

register('../test/support/typescript-loader.mjs', import.meta.url);
const [file] = process.argv.splice(2, 1);
await import(new URL(file, import.meta.url).href);
