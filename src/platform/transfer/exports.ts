import { Injectable } from '@nestjs/common';
import type { ExportDefinition } from './export-definition.js';

/** Every export of the product, filled by the contexts' wiring pages while the modules start. */
@Injectable()
export class Exports {
  private readonly known = new Map<string, ExportDefinition>();

  offer(definition: ExportDefinition): void {
    if (this.known.has(definition.resource)) throw new Error(`Two exports are named "${definition.resource}". Rename one.`);
    this.known.set(definition.resource, definition);
  }

  all(): readonly ExportDefinition[] {
    return [...this.known.values()];
  }

  get(resource: string): ExportDefinition | undefined {
    return this.known.get(resource);
  }
}
