import { Injectable } from '@nestjs/common';
import { LOOKS_LIKE_ID, newId, type Id } from '../../../kernel/id.js';
import type { Sql } from '../../../platform/database/sql.js';
import type { Tx } from '../../../platform/database/tx.js';
import type {
  DescribedColumn, ImportDefinition, ImportOutcome, ImportSettings, MadeRecord, MappedLine, MeasuredRecord, Measure, RevertOutcome, Told,
} from '../../../platform/transfer/import-definition.js';
import { inSlices } from '../../../platform/transfer/in-slices.js';
import { knownAs } from '../../../platform/transfer/known-as.js';
import { LineSamples, type RecordCells } from '../../../platform/transfer/line-samples.js';
import { ORDER_READ, ORDER_WRITE } from '../../contract/permissions.js';
import { withNames, type NameBook } from '../../persistence/external-ids.js';
import { Cells } from '../../use-cases/cells.js';
import { fulfilmentStates, type FulfilmentState } from '../domain/fulfilment-state.js';
import { overShipment, unknownLine } from '../domain/order-errors.js';
import type { FulfilledLine, OrderedLine } from '../domain/shipments.js';
import { ImportedFulfilments, type ImportedFulfilment } from '../persistence/imported-fulfilments.js';
import { ImportedLines } from '../persistence/imported-lines.js';
import { measureFulfilments } from '../persistence/order-measures.js';
import { fulfilmentHeaderWords } from './header-words.js';
import { nameAlso, partNamed, partNames, type PartNames } from './named-parts.js';
import { NamedOrders, orderNames, type NamedOrder } from './named-orders.js';
import { ParcelsOfOrders } from './parcels-of-orders.js';
import { TouchedParts } from './touched-parts.js';

const LONGEST_WORD = 100;
const LONGEST_CODE = 200;
const MOST_LINES = 500;
const UNITS = /^(\d{1,6})\s*:\s*(\d{1,6})$/;

const columns: readonly DescribedColumn[] = [
  { name: 'id', type: 'text', looks: LOOKS_LIKE_ID, example: '0192f0c1-2b3c-7def-8abc-1234567890ab', description: 'Our own id, as an export has it. A line needs this or an external id, so that it is one parcel however often it is brought.' },
  { name: 'externalIds.<system>', type: 'text', example: 'F-1001', description: 'Id of the parcel in another system; where there is none, and one parcel an order, that of the order will do.' },
  ...orderNames,
  { name: 'lines', type: 'list', example: '1:2|2:1', description: 'What is in it: number of the order\'s line, a colon, units. All that is in no other parcel if left out.' },
  { name: 'state', type: 'text', example: 'shipped', description: 'created, pending, shipped, delivered or cancelled; if left out, what the dates say.' },
  { name: 'carrier', type: 'text', example: 'SF Express', description: 'Who carries it.' },
  { name: 'trackingCode', type: 'text', example: 'SF1234567890', description: 'What the carrier knows it by.' },
  { name: 'recordedAt', type: 'instant', example: '2026-01-15T08:00:00Z', description: 'When it was put together; when it left, or the order was placed, if left out.' },
  { name: 'shippedAt', type: 'instant', example: '2026-01-16T08:00:00Z', description: 'When it left.' },
  { name: 'deliveredAt', type: 'instant', example: '2026-01-18T08:00:00Z', description: 'When it arrived.' },
];

interface NamedFulfilment extends NamedOrder {
  readonly names: PartNames;
}

/** Also of the export. */
export const fulfilmentColumns = knownAs(columns, fulfilmentHeaderWords);

/** Parcels out of a file, as history: neither the payments nor the state of the order are asked, but no unit is sent twice. */
@Injectable()
export class ImportFulfilments implements ImportDefinition {
  readonly resource = 'fulfilments';
  readonly title = 'Fulfilments';
  readonly permission = ORDER_WRITE;
  readonly readPermission = ORDER_READ;
  readonly columns = fulfilmentColumns;

  constructor(
    private readonly orders: NamedOrders,
    private readonly lines: ImportedLines,
    private readonly fulfilments: ImportedFulfilments,
  ) {}

  async apply(tx: Tx, lines: readonly MappedLine[], settings: ImportSettings): Promise<ImportOutcome> {
    const all = lines.map((line) => new Cells(line, settings));
    const named = (await this.orders.find(tx, all)).map(({ cells, order }) => ({ cells, order, names: partNames(cells, tx.startedAt) }));
    const outcome = await withNames(tx, 'fulfilment', named.flatMap(({ names }) => names.references), (book) => this.merge(tx, named, book, settings.sampleLimit));
    return { ...outcome, refused: all.flatMap((cells) => cells.problems) };
  }

  tell(line: MappedLine, settings: ImportSettings): Told {
    return { at: new Cells(line, settings).instant('recordedAt') };
  }

  revert(tx: Tx, records: readonly MadeRecord[]): Promise<RevertOutcome> {
    return this.fulfilments.withdraw(tx, records);
  }

  measure(from: Sql, records: readonly MeasuredRecord[], timeZone: string): Promise<readonly Measure[]> {
    return measureFulfilments(from, records, timeZone);
  }

  private async merge(tx: Tx, named: readonly NamedFulfilment[], book: NameBook, sampleLimit: number | undefined): Promise<Omit<ImportOutcome, 'refused'>> {
    const orderIds = [...new Set(named.map(({ order }) => order.id))];
    const ids = [...named.flatMap(({ names }) => names.id ?? []), ...book.idsOf(named.flatMap(({ names }) => names.references))];
    const stored = await this.fulfilments.known(tx, orderIds, ids);
    const parcels = new ParcelsOfOrders(await this.lines.ofOrders(tx, orderIds), stored);
    const touched = new TouchedParts(stored);
    const written = new Map<Id, ImportedFulfilment>();
    const counts = { created: 0, updated: 0, unchanged: 0 };
    const samples = new LineSamples(sampleLimit);
    await inSlices(named, (line) => {
      const { cells } = line;
      const before = find(line, book, parcels);
      const parcel = read(line, before, parcels, tx.startedAt);
      const renamed = cells.isGood && nameAlso(cells, line.names, book, parcel.id);
      if (!cells.isGood) return;
      const result = before === undefined ? 'created' : renamed || !isSame(before, parcel) ? 'updated' : 'unchanged';
      counts[result] += 1;
      if (samples.wants(result)) samples.note(cells.line, result, parcel.id, before ? cellsOf(before) : {}, cellsOf(parcel));
      touched.note(parcel.id, line, result, { at: cells.instant('recordedAt') });
      if (result === 'unchanged') return;
      parcels.put(parcel);
      written.set(parcel.id, parcel);
    });
    await book.take(tx);
    await this.fulfilments.write(tx, [...written.values()]);
    return { ...counts, touched: touched.all, samples: samples.taken };
  }
}

function cellsOf({ state, lines, carrier, trackingCode, recordedAt, shippedAt, deliveredAt }: ImportedFulfilment): RecordCells {
  return {
    lines: lines.map(({ number, quantity }) => `${number}:${quantity}`).join('|'), state, carrier, trackingCode,
    recordedAt: recordedAt.toISOString(), shippedAt: shippedAt?.toISOString(), deliveredAt: deliveredAt?.toISOString(),
  };
}

function find({ cells, order, names }: NamedFulfilment, book: NameBook, parcels: ParcelsOfOrders): ImportedFulfilment | undefined {
  if (names.id === undefined && names.references.length === 0) {
    cells.refuse(undefined, 'external_id_needed', 'The line does not name the parcel, so it could not be told from another when it is brought again. Map a column to externalIds.<system> or to id.');
  }
  const id = partNamed(cells, 'fulfilment', names, book, (one) => parcels.get(one) !== undefined);
  const parcel = id === undefined ? undefined : parcels.get(id);
  if (parcel && parcel.orderId !== order.id) cells.refuse(undefined, 'other_order', `The parcel ${parcel.id} is of order ${parcel.orderId}. Correct the order or the parcel's id.`);
  return parcel;
}

function read({ cells, order, names }: NamedFulfilment, before: ImportedFulfilment | undefined, parcels: ParcelsOfOrders, now: Date): ImportedFulfilment {
  const shipped = cells.instant('shippedAt') ?? before?.shippedAt ?? null;
  const delivered = cells.instant('deliveredAt') ?? before?.deliveredAt ?? null;
  const state = cells.word('state', fulfilmentStates.states) ?? before?.state ?? (delivered ? 'delivered' : shipped ? 'shipped' : 'pending');
  const recordedAt = cells.instant('recordedAt') ?? before?.recordedAt ?? shipped ?? delivered ?? order.placed_at;
  const id = before?.id ?? names.id ?? newId(now.getTime());
  return {
    id,
    orderId: order.id,
    state,
    lines: contentIn(cells, order.id, id, state, before, parcels),
    carrier: cells.text('carrier', LONGEST_WORD) ?? before?.carrier ?? null,
    trackingCode: cells.text('trackingCode', LONGEST_CODE) ?? before?.trackingCode ?? null,
    recordedAt,
    // As when it is recorded over HTTP: what arrived has left, no later than that.
    shippedAt: shipped ?? (state === 'shipped' || state === 'delivered' ? recordedAt : null),
    deliveredAt: delivered ?? (state === 'delivered' ? recordedAt : null),
  };
}

/** What is in the parcel. Refuses lines the order has not, and units that are in other parcels or were cancelled. */
function contentIn(cells: Cells, orderId: Id, id: Id, state: FulfilmentState, before: ImportedFulfilment | undefined, parcels: ParcelsOfOrders): readonly FulfilledLine[] {
  const told = unitsIn(cells);
  // What else is wrong with the line would only hide why.
  if (!cells.isGood) return [];
  const open = parcels.open(orderId, id);
  const content = told ?? before?.lines ?? open.filter(({ left }) => left > 0).map(({ number, left }) => ({ number, quantity: left }));
  if (content.length === 0) cells.refuse('lines', 'nothing_left', 'The order has nothing left to put into a parcel. Import its lines first, or say with lines what is in this one.');
  content.forEach(({ number, quantity }, index) => {
    const line = open.find((one) => one.number === number);
    if (!line) cells.refuse('lines', 'unknown_line', unknownLine(number, index).message);
    else if (state !== 'cancelled' && quantity > line.left) cells.refuse('lines', 'over_shipment', overShipment(number, quantity, line.left, index).message);
  });
  return content;
}

function unitsIn(cells: Cells): readonly FulfilledLine[] | undefined {
  const items = cells.list('lines');
  if (items === undefined) return undefined;
  const units = new Map<OrderedLine['number'], number>();
  for (const item of items) {
    const [, number = '', quantity = ''] = UNITS.exec(item) ?? [];
    if (Number(number) < 1 || Number(quantity) < 1 || items.length > MOST_LINES) {
      cells.refuse('lines', 'invalid_lines', `"${item.slice(0, 40)}" is not the number of a line, a colon and units, such as 1:2, or there are more than ${MOST_LINES}.`);
      return [];
    }
    units.set(Number(number), (units.get(Number(number)) ?? 0) + Number(quantity));
  }
  return [...units].map(([number, quantity]) => ({ number, quantity }));
}

const COMPARED = ['state', 'carrier', 'trackingCode'] as const;
const DATES = ['recordedAt', 'shippedAt', 'deliveredAt'] as const;

function isSame(one: ImportedFulfilment, other: ImportedFulfilment): boolean {
  return COMPARED.every((name) => one[name] === other[name])
    && DATES.every((name) => one[name]?.getTime() === other[name]?.getTime())
    && one.lines.length === other.lines.length
    && one.lines.every(({ number, quantity }, index) => number === other.lines[index]!.number && quantity === other.lines[index]!.quantity);
}
