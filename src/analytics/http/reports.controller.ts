import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../platform/http/access.js';
import { csvTable, GivesTable, jsonTable, WantsCsv } from '../../platform/http/table-reply.js';
import { ReadsViews } from '../../platform/http/wait-for-event.js';
import { REPORT_READ } from '../contract/permissions.js';
import { MonthsView } from '../views/months.view.js';
import { OrderStatusesView } from '../views/order-statuses.view.js';
import { PaymentsView } from '../views/payments.view.js';
import { RepeatPurchaseView } from '../views/repeat-purchase.view.js';
import { RetentionView } from '../views/retention.view.js';
import { headOf, flatRetention, MONTHS_CSV, PAYMENTS_CSV, REPEATS_CSV, RETENTION_CSV, STATUSES_CSV, withOrigin } from './csv-tables.js';
import { PeriodQuery } from './report.dto.js';
import {
  MonthsQuery, MonthsReportDto, OrderStatusesReportDto, PaymentsReportDto, RepeatPurchaseReportDto, RetentionReportDto, StatusesQuery,
} from './sales-reports.dto.js';

@ApiTags('analytics')
@Controller('v1/reports')
@RequirePermission(REPORT_READ)
export class ReportsController {
  constructor(
    private readonly months: MonthsView,
    private readonly repeats: RepeatPurchaseView,
    private readonly retention: RetentionView,
    private readonly payments: PaymentsView,
    private readonly statuses: OrderStatusesView,
  ) {}

  @Get('months')
  @ApiOperation({ operationId: 'getMonths', summary: 'Orders, customers and revenue of each month' })
  @GivesTable(MonthsReportDto, { csv: headOf(MONTHS_CSV) })
  @ReadsViews('analytics.order_facts')
  async byMonth(@Query() query: MonthsQuery, @WantsCsv() csv: boolean) {
    const report = await this.months.read(query);
    return csv ? csvTable(withOrigin(MONTHS_CSV, report), [report.data]) : jsonTable(report);
  }

  @Get('repeat-purchase-rate')
  @ApiOperation({ operationId: 'getRepeatPurchaseRate', summary: 'How many customers buy again, by month and by month of the first order' })
  @GivesTable(RepeatPurchaseReportDto, { csv: headOf(REPEATS_CSV) })
  @ReadsViews('analytics.order_facts')
  async repeatPurchases(@Query() query: PeriodQuery, @WantsCsv() csv: boolean) {
    const report = await this.repeats.read(query);
    return csv ? csvTable(withOrigin(REPEATS_CSV, report), [report.data]) : jsonTable(report);
  }

  @Get('retention')
  @ApiOperation({ operationId: 'getRetention', summary: 'How many of each month\'s new customers order in the months after' })
  @GivesTable(RetentionReportDto, { csv: headOf(RETENTION_CSV) })
  @ReadsViews('analytics.order_facts')
  async cohorts(@Query() query: PeriodQuery, @WantsCsv() csv: boolean) {
    const report = await this.retention.read(query);
    return csv ? csvTable(withOrigin(RETENTION_CSV, report), [flatRetention(report.data)]) : jsonTable(report);
  }

  @Get('payments')
  @ApiOperation({ operationId: 'getPayments', summary: 'Payments by method' })
  @GivesTable(PaymentsReportDto, { csv: headOf(PAYMENTS_CSV) })
  @ReadsViews('analytics.order_facts')
  async byMethod(@Query() query: PeriodQuery, @WantsCsv() csv: boolean) {
    const report = await this.payments.read(query);
    return csv ? csvTable(withOrigin(PAYMENTS_CSV, report), [report.data]) : jsonTable(report);
  }

  @Get('order-statuses')
  @ApiOperation({ operationId: 'getOrderStatuses', summary: 'Orders by status, in our words and the source\'s' })
  @GivesTable(OrderStatusesReportDto, { csv: headOf(STATUSES_CSV) })
  @ReadsViews('analytics.order_facts')
  async byStatus(@Query() query: StatusesQuery, @WantsCsv() csv: boolean) {
    const report = await this.statuses.read(query);
    return csv ? csvTable(withOrigin(STATUSES_CSV, report), [report.data]) : jsonTable(report);
  }
}
