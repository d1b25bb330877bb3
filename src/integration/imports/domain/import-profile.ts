import type { Id } from '../../../kernel/id.js';
import type { ColumnMapping } from './column-mapping.js';

/** `skip` refuses a wrong line and goes on; `stop` ends before the part of the file that holds it. */
export const ON_ERROR = ['skip', 'stop'] as const;
export type OnError = (typeof ON_ERROR)[number];

/** What a kind of file has in common; each import may say otherwise. */
export interface ProfileOptions {
  readonly timeZone?: string;
  readonly currency?: string;
  readonly onError?: OnError;
}

/** How files of one kind are imported. */
export interface ProfileContent {
  /** Names it among all profiles. */
  readonly name: string;
  readonly resource: string;
  readonly mapping: ColumnMapping;
  readonly options: ProfileOptions;
}

export interface ImportProfile extends ProfileContent {
  readonly id: Id;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
