import { Injectable } from '@nestjs/common';
import { CustomerDirectory } from '../../../customer/contract/customer-directory.js';
import { DomainError } from '../../../kernel/domain-error.js';
import type { Id } from '../../../kernel/id.js';
import { parseAmount, type Currency, type MoneyText } from '../../../kernel/money.js';
import type { ExternalReference } from '../../contract/external-reference.js';
import { OfferedProducts, type OfferedProduct, type ProductReference } from '../../products/views/offered-products.js';
import type { OfferedLine, Placement } from '../domain/order-record.js';

/** One of the two names the customer. */
export interface CustomerChoice {
  readonly id?: Id;
  readonly externalId?: ExternalReference;
}

export interface LineInput {
  readonly number?: number;
  readonly productId?: Id;
  readonly productExternalId?: ExternalReference;
  readonly sku?: string;
  /** The product's own if left out. */
  readonly name?: string;
  readonly quantity: number;
  /** The product's own if left out. */
  readonly unitPrice?: MoneyText;
  readonly discount?: MoneyText;
  readonly tax?: MoneyText;
  readonly shipping?: MoneyText;
}

export interface OrderInput {
  readonly customer: CustomerChoice;
  readonly currency: Currency;
  readonly channel?: string;
  readonly sourceStatus?: string;
  readonly placedAt?: Date;
  readonly externalIds?: readonly ExternalReference[];
  /** Spread over the lines by value, like `shipping`. */
  readonly discount?: MoneyText;
  readonly shipping?: MoneyText;
  readonly lines: readonly LineInput[];
}

/** Turns what a caller sends into what an order is placed with: finds customer and products, reads amounts. */
@Injectable()
export class PlacementReader {
  constructor(
    private readonly customers: CustomerDirectory,
    private readonly products: OfferedProducts,
  ) {}

  /** @throws DomainError rule that points at each reference, price or amount that cannot be read. */
  async read(input: OrderInput): Promise<Placement> {
    const { currency, channel = null, sourceStatus = null, placedAt, externalIds = [] } = input;
    const [customerId, lines] = await Promise.all([this.customerOf(input.customer), this.linesOf(input)]);
    return {
      customerId, currency, channel, sourceStatus, placedAt, externalIds, lines,
      discountMinor: minorOf(input.discount, currency, '/discount'),
      shippingMinor: minorOf(input.shipping, currency, '/shipping'),
    };
  }

  /** @throws DomainError rule for a customer who is not there any more. */
  async requireActive(customerId: Id): Promise<void> {
    const status = (await this.customers.statusOf([customerId])).get(customerId);
    if (status === undefined) throw refused('unknown_customer', '/customer/id', `There is no customer ${customerId}. Register the customer first.`);
    if (status !== 'active') throw refused('customer_not_active', '/customer', `The customer ${customerId} is ${status}, so no order can be placed for them.`);
  }

  private async customerOf({ id, externalId }: CustomerChoice): Promise<Id> {
    if ((id === undefined) === (externalId === undefined)) {
      throw refused('customer_needed', '/customer', 'Name the customer by id or by externalId, one of the two.');
    }
    if (externalId === undefined) return id!;
    const [found] = await this.customers.resolve([externalId]);
    if (found === undefined) {
      throw refused('unknown_customer', '/customer/externalId', `No customer has the id "${externalId.id}" in ${externalId.system}. Register the customer with it first.`);
    }
    return found;
  }

  private async linesOf({ lines, currency }: OrderInput): Promise<OfferedLine[]> {
    const references = lines.map(referenceOf);
    // A line that says what is sold and for how much needs no look-up.
    const asked = references.filter((reference) => reference !== undefined);
    const found = asked.length === 0 ? [] : await this.products.find(asked);
    let next = 0;
    return lines.map((line, index) => {
      const reference = references[index];
      if (reference === undefined) return lineOf(line, undefined, currency, index);
      const product = found[next++];
      if (product === undefined) throw unknownProduct(reference, index);
      return lineOf(line, product, currency, index);
    });
  }
}

function referenceOf({ productId, productExternalId, sku, name, unitPrice }: LineInput, index: number): ProductReference | undefined {
  if (productId !== undefined) return { id: productId };
  if (productExternalId !== undefined) return { externalId: productExternalId };
  if (name !== undefined && unitPrice !== undefined) return undefined;
  if (sku === undefined) throw refused('product_needed', `/lines/${index}`, 'The line names no product, so it needs a name and a unitPrice. Send them, or a productId, productExternalId or sku.');
  return { sku };
}

function lineOf(line: LineInput, product: OfferedProduct | undefined, currency: Currency, index: number): OfferedLine {
  const at = `/lines/${index}`;
  return {
    number: line.number,
    productId: product?.id ?? null,
    sku: line.sku ?? product?.sku ?? null,
    name: line.name ?? product?.name ?? '',
    quantity: line.quantity,
    unitPriceMinor: line.unitPrice ? minorOf(line.unitPrice, currency, `${at}/unitPrice`) : priceOf(product, currency, at),
    discountMinor: minorOf(line.discount, currency, `${at}/discount`),
    taxMinor: minorOf(line.tax, currency, `${at}/tax`),
    shippingMinor: minorOf(line.shipping, currency, `${at}/shipping`),
  };
}

function priceOf(product: OfferedProduct | undefined, currency: Currency, at: string): number {
  if (product?.price_minor === null || product?.price_minor === undefined) {
    throw refused('price_needed', `${at}/unitPrice`, `The product has no price of its own. Send a unitPrice, or give the product a price.`);
  }
  if (product.currency !== currency) {
    throw refused('currency_mismatch', `${at}/unitPrice`, `The product is priced in ${product.currency} and the order is in ${currency}. Send a unitPrice in ${currency}.`);
  }
  return product.price_minor;
}

/** Whole minor units, 0 if left out. @throws DomainError rule if negative, malformed, or in another currency than the order's. */
export function minorOf(money: MoneyText | undefined, currency: Currency, pointer: string): number {
  if (money === undefined) return 0;
  if (money.currency !== currency) throw refused('currency_mismatch', `${pointer}/currency`, `The amount is in ${money.currency} and the order is in ${currency}. Send it in ${currency}.`);
  const minor = amountAt(money, pointer);
  if (minor < 0) throw refused('negative_amount', `${pointer}/amount`, `${money.amount} is negative. Amounts here are zero or more.`);
  return minor;
}

/** Says where the amount stood that cannot be read. */
function amountAt({ amount, currency }: MoneyText, pointer: string): number {
  try {
    return parseAmount(amount, currency);
  } catch (error) {
    throw error instanceof DomainError ? refused(error.code, `${pointer}/amount`, error.message) : error;
  }
}

function unknownProduct(reference: ProductReference, index: number): DomainError {
  const [field, value] = 'id' in reference ? ['productId', reference.id] : 'sku' in reference ? ['sku', reference.sku] : ['productExternalId', `${reference.externalId.id} of ${reference.externalId.system}`];
  return refused('unknown_product', `/lines/${index}/${field}`, `There is no product with the ${field} ${value}. Create it first, or send a name and a unitPrice without it.`);
}

function refused(code: string, pointer: string, detail: string): DomainError {
  return new DomainError('rule', code, detail, { errors: [{ pointer, code, detail }] });
}
