import { readFileSync } from 'node:fs';
import { readContract, type ContractDocument } from './read-contract.js';

/** One version of the contract, as the documentation has it. */
export class DocsVersion {
  readonly name: string;
  private text: Promise<string> | undefined;

  /** @param file the contract in YAML */
  constructor(readonly file: string) {
    this.name = /^ {2}version: "?([\w.+-]+)"?$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unknown';
  }

  /** As JSON text; read when somebody first asks. */
  json(): Promise<string> {
    this.text ??= readContract(this.file).catch((error: unknown) => {
      this.text = undefined;
      throw error;
    });
    return this.text;
  }

  async document(): Promise<ContractDocument> {
    return JSON.parse(await this.json()) as ContractDocument;
  }
}
