import { EntitySchema } from 'typeorm';
import type { Named } from './external-ids.js';

export interface ExternalIdRow {
  kind: Named;
  system: string;
  id: string;
  subject_id: string;
}

export const ExternalIdTable = new EntitySchema<ExternalIdRow>({
  name: 'sales.external_id',
  schema: 'sales',
  tableName: 'external_id',
  columns: {
    kind: { type: 'text', primary: true },
    system: { type: 'text', primary: true },
    id: { type: 'text', primary: true },
    subject_id: { type: 'uuid' },
  },
  indices: [{ name: 'external_id_subject', columns: ['subject_id'] }],
  checks: [{ name: 'external_id_kind', expression: `kind in ('product', 'order', 'payment', 'refund', 'fulfilment')` }],
});
