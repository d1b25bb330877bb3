import { Module } from '@nestjs/common';
import { Consumers } from '../platform/events/consumers.js';
import { orderEvents } from '../sales/contract/events.js';
import { ReportsController } from './http/reports.controller.js';
import { RfmController } from './http/rfm.controller.js';
import { MonthsView } from './views/months.view.js';
import { OrderFactsView } from './views/order-facts.view.js';
import { OrderStatusesView } from './views/order-statuses.view.js';
import { PaymentsView } from './views/payments.view.js';
import { RepeatPurchaseView } from './views/repeat-purchase.view.js';
import { ReportScopes } from './views/report-scope.js';
import { RetentionView } from './views/retention.view.js';
import { RfmScores } from './views/rfm-scores.js';
import { RfmSegmentsView } from './views/rfm-segments.view.js';
import { RfmView } from './views/rfm.view.js';

@Module({
  controllers: [RfmController, ReportsController],
  providers: [OrderFactsView, ReportScopes, RfmScores, RfmView, RfmSegmentsView, MonthsView, RepeatPurchaseView, RetentionView, PaymentsView, OrderStatusesView],
})
export class AnalyticsModule {
  constructor(consumers: Consumers, orderFacts: OrderFactsView) {
    consumers.hear({ name: 'analytics.order_facts', hears: orderEvents, handler: orderFacts });
  }
}
