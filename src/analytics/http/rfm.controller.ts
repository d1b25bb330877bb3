import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../kernel/id.js';
import { RequirePermission } from '../../platform/http/access.js';
import { Gives, Problems } from '../../platform/http/answers.js';
import { Next, type NextLink } from '../../platform/http/next-link.js';
import { PathId } from '../../platform/http/path-id.js';
import { csvTable, GivesTable, jsonTable, WantsCsv } from '../../platform/http/table-reply.js';
import { ReadsViews } from '../../platform/http/wait-for-event.js';
import { REPORT_READ } from '../contract/permissions.js';
import { RfmSegmentsView } from '../views/rfm-segments.view.js';
import { RfmView } from '../views/rfm.view.js';
import { headOf, RFM_CSV, SEGMENTS_CSV, withOrigin } from './csv-tables.js';
import { RfmListDto, RfmListQuery, RfmOfCustomerDto, RfmQuery, RfmSegmentsDto } from './rfm.dto.js';

@ApiTags('analytics')
@Controller('v1/reports/rfm')
@RequirePermission(REPORT_READ)
export class RfmController {
  constructor(
    private readonly rfm: RfmView,
    private readonly segments: RfmSegmentsView,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'listRfm',
    summary: 'Score customers by recency, frequency and money',
    description: 'The scores of a list are fixed by its first page. CSV holds every row from `cursor` on, whatever `limit` says.',
  })
  @GivesTable(RfmListDto, { csv: headOf(RFM_CSV), list: true })
  @ReadsViews('analytics.order_facts')
  async list(@Query() query: RfmListQuery, @WantsCsv() csv: boolean, @Next() next: NextLink) {
    const { segment, r, f, m, ...rest } = query;
    const ask = { ...rest, filter: { segment, r, f, m } };
    if (csv) {
      const { scope, pieces } = await this.rfm.all(ask);
      return csvTable(withOrigin(RFM_CSV, scope), pieces);
    }
    const page = await this.rfm.page(ask);
    return jsonTable(page).with(next(page.page.nextCursor));
  }

  @Get('segments')
  @ApiOperation({ operationId: 'getRfmSegments', summary: 'Count the customers and revenue of each RFM segment' })
  @GivesTable(RfmSegmentsDto, { csv: headOf(SEGMENTS_CSV) })
  @ReadsViews('analytics.order_facts')
  async sizes(@Query() query: RfmQuery, @WantsCsv() csv: boolean) {
    const report = await this.segments.read(query);
    return csv ? csvTable(withOrigin(SEGMENTS_CSV, report), [report.data]) : jsonTable(report);
  }

  @Get('customers/:id')
  @ApiOperation({ operationId: 'getRfmOfCustomer', summary: 'Score one customer by recency, frequency and money' })
  @Gives(RfmOfCustomerDto, { plain: true })
  @Problems(404)
  @ReadsViews('analytics.order_facts')
  of(@PathId() id: Id, @Query() query: RfmQuery): Promise<RfmOfCustomerDto> {
    return this.rfm.of(id, query);
  }
}
