import { Injectable } from '@nestjs/common';
import type { ImportDefinition } from './import-definition.js';

/** Every import of the product, filled by the contexts' wiring pages while the modules start. */
@Injectable()
export class Imports {
  private readonly known = new Map<string, ImportDefinition>();

  offer(definition: ImportDefinition): void {
    if (this.known.has(definition.resource)) throw new Error(`Two imports are named "${definition.resource}". Rename one.`);
    this.known.set(definition.resource, definition);
  }

  all(): readonly ImportDefinition[] {
    return [...this.known.values()];
  }

  get(resource: string): ImportDefinition | undefined {
    return this.known.get(resource);
  }
}
