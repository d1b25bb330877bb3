import { Module } from '@nestjs/common';
import { Exports } from '../platform/transfer/exports.js';
import { Imports } from '../platform/transfer/imports.js';
import { OrderBook } from './contract/order-book.js';
import { FulfilmentsController } from './orders/http/fulfilments.controller.js';
import { OrderViewsController } from './orders/http/order-views.controller.js';
import { OrdersController } from './orders/http/orders.controller.js';
import { PaymentsController } from './orders/http/payments.controller.js';
import { RefundsController } from './orders/http/refunds.controller.js';
import { ImportedFulfilments } from './orders/persistence/imported-fulfilments.js';
import { ImportedLines } from './orders/persistence/imported-lines.js';
import { ImportedOrders } from './orders/persistence/imported-orders.js';
import { ImportedPayments } from './orders/persistence/imported-payments.js';
import { ImportedRefunds } from './orders/persistence/imported-refunds.js';
import { OrderRepository } from './orders/persistence/order.repository.js';
import { ProviderEvents } from './orders/persistence/provider-events.js';
import { CancelOrder } from './orders/use-cases/cancel-order.js';
import { ExportOrders } from './orders/use-cases/export-orders.js';
import { ImportFulfilments } from './orders/use-cases/import-fulfilments.js';
import { ImportOrderLines } from './orders/use-cases/import-order-lines.js';
import { ImportOrders } from './orders/use-cases/import-orders.js';
import { ImportPayments } from './orders/use-cases/import-payments.js';
import { ImportRefunds } from './orders/use-cases/import-refunds.js';
import { NamedOrders } from './orders/use-cases/named-orders.js';
import { PlaceOrder } from './orders/use-cases/place-order.js';
import { PlacementReader } from './orders/use-cases/placement-reader.js';
import { RecordFact } from './orders/use-cases/record-fact.js';
import { RecordFulfilment } from './orders/use-cases/record-fulfilment.js';
import { RecordPayment } from './orders/use-cases/record-payment.js';
import { RecordRefund } from './orders/use-cases/record-refund.js';
import { UpsertOrder } from './orders/use-cases/upsert-order.js';
import { CommittedOrders } from './orders/views/committed-orders.js';
import { ExportedOrders } from './orders/views/exported-orders.js';
import { OrderListView } from './orders/views/order-list.view.js';
import { OrderView } from './orders/views/order.view.js';
import { ProductViewsController } from './products/http/product-views.controller.js';
import { ProductsController } from './products/http/products.controller.js';
import { ProductRepository } from './products/persistence/product.repository.js';
import { WithdrawnProducts } from './products/persistence/withdrawn-products.js';
import { ChangeProduct } from './products/use-cases/change-product.js';
import { CreateProduct } from './products/use-cases/create-product.js';
import { ExportProducts } from './products/use-cases/export-products.js';
import { ImportProducts } from './products/use-cases/import-products.js';
import { UpsertProduct } from './products/use-cases/upsert-product.js';
import { ExportedProducts } from './products/views/exported-products.js';
import { OfferedProducts } from './products/views/offered-products.js';
import { ProductView } from './products/views/product.view.js';

/** What was sold to whom, what was paid, and what was sent. Needs `CustomerDirectory` of the customer context. */
@Module({
  controllers: [ProductsController, ProductViewsController, OrdersController, OrderViewsController, PaymentsController, RefundsController, FulfilmentsController],
  providers: [
    ProductRepository, CreateProduct, ChangeProduct, UpsertProduct, OfferedProducts, ProductView,
    OrderRepository, ProviderEvents, PlacementReader, RecordFact,
    PlaceOrder, UpsertOrder, CancelOrder, RecordPayment, RecordRefund, RecordFulfilment, OrderView, OrderListView,
    ImportProducts, WithdrawnProducts, NamedOrders, ImportedOrders, ImportOrders, ImportedLines, ImportOrderLines, ImportedPayments, ImportPayments,
    ImportedRefunds, ImportRefunds, ImportedFulfilments, ImportFulfilments, ExportedProducts, ExportProducts, ExportedOrders, ExportOrders,
    { provide: OrderBook, useClass: CommittedOrders },
  ],
  exports: [OrderBook],
})
export class SalesModule {
  constructor(
    imports: Imports,
    exports: Exports,
    products: ImportProducts,
    orders: ImportOrders,
    lines: ImportOrderLines,
    payments: ImportPayments,
    refunds: ImportRefunds,
    fulfilments: ImportFulfilments,
    productsOut: ExportProducts,
    ordersOut: ExportOrders,
  ) {
    for (const definition of [products, orders, lines, payments, refunds, fulfilments]) imports.offer(definition);
    for (const definition of [productsOut, ...ordersOut.definitions]) exports.offer(definition);
  }
}
