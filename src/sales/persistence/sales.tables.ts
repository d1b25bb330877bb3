import { FulfilmentTable, OrderHeaderTable, OrderLineTable, PaymentTable, ProviderEventTable, RefundTable } from '../orders/persistence/order.table.js';
import { ProductTable } from '../products/persistence/product.table.js';
import { ExternalIdTable } from './external-id.table.js';

/** The mapping of every row of schema `sales`. */
export const salesTables = [ExternalIdTable, ProductTable, OrderHeaderTable, OrderLineTable, PaymentTable, RefundTable, FulfilmentTable, ProviderEventTable];
