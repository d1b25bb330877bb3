/** What counts as a purchase in every report: an order that is not cancelled, whatever else its status is. */
export function countsAsPurchase(status: string): boolean {
  return status !== 'cancelled';
}

/** The same rule in the words every answer carries. */
export const COUNTING_RULE = {
  orders: 'Every order that is not cancelled counts, whatever else its status is.',
  dates: 'An order belongs to the instant it was placed (placedAt), read on the calendar of timeZone.',
  amounts: 'What the customer was to pay: lines less discounts, plus tax and shipping. Refunds are not taken off.',
  oneCurrency: 'Only orders in this currency; amounts of another are never converted or added. leftOut says how many others there are.',
  everyCurrency: 'Orders of every currency, because nothing is added up but their number; with currency= only those in it.',
} as const;
