import { Body, Controller, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../../platform/http/access.js';
import { Creates, Gives, GivesEach } from '../../platform/http/answers.js';
import { CurrentCall, type Call } from '../../platform/http/call.js';
import { Commands } from '../../platform/http/commands.js';
import { problemOf } from '../../platform/http/problem-of.js';
import { created, multiStatus, ok } from '../../platform/http/reply.js';
import { CUSTOMER_WRITE } from '../contract/permissions.js';
import { LONGEST_EXTERNAL_ID, SYSTEM } from '../domain/external-ids.js';
import { UpsertCustomer } from '../use-cases/upsert-customer.js';
import { UpsertCustomers, type Outcome } from '../use-cases/upsert-customers.js';
import { CustomerBatchDto, CustomerBatchResultDto, type CustomerBatchOutcomeDto } from './customer-batch.dto.js';
import { CreateCustomerDto, toCustomerInput } from './customer-input.dto.js';
import { CustomerDto } from './customer.dto.js';
import { factsOf, placeOf, present } from './present.js';

/** For systems that know customers by ids of their own. */
@ApiTags('customer')
@Controller('v1/customers')
@RequirePermission(CUSTOMER_WRITE)
export class CustomerUpsertsController {
  constructor(
    private readonly commands: Commands,
    private readonly upsertCustomer: UpsertCustomer,
    private readonly upsertCustomers: UpsertCustomers,
  ) {}

  @Put('by-external-id/:system/:externalId')
  @ApiOperation({
    operationId: 'upsertCustomer',
    summary: 'Create a customer, or change the one with this external id',
    description: 'What is left out stays, `null` clears, a list replaces the whole list; external ids are added to those known. `source` and `createdAt` count when it creates.',
  })
  @ApiParam({ name: 'system', schema: { type: 'string', pattern: SYSTEM.source }, example: 'shopify' })
  @ApiParam({ name: 'externalId', schema: { type: 'string', minLength: 1, maxLength: LONGEST_EXTERNAL_ID }, example: '7305' })
  @Creates(CustomerDto)
  @Gives(CustomerDto, { description: 'Changed, or found as it should be.' })
  upsert(@CurrentCall() call: Call, @Param('system') system: string, @Param('externalId') id: string, @Body() body: CreateCustomerDto) {
    return this.commands.run(call, async (tx) => {
      const externalIds = [...(body.externalIds ?? []), { system, id }];
      const upserted = await this.upsertCustomer.run(tx, { ...toCustomerInput(body), externalIds });
      const [text, facts] = [present(upserted.customer, tx.startedAt), factsOf(upserted.customer)];
      return upserted.created ? created(text, { location: placeOf(upserted.customer.id), ...facts }) : ok(text, facts);
    });
  }

  @Post('batch')
  @ApiOperation({
    operationId: 'upsertCustomers',
    summary: 'Create or change up to 200 customers, each for itself',
    description: 'Each is found by any of its external ids or, with none given, by its phones and e-mail addresses that are not shared. Bring more by an import.',
  })
  @GivesEach(CustomerBatchResultDto)
  batch(@CurrentCall() call: Call, @Body() body: CustomerBatchDto) {
    return this.commands.run(call, async (tx) => {
      const outcomes = await this.upsertCustomers.run(tx, body.items.map(toCustomerInput));
      return multiStatus({ data: outcomes.map((outcome, index) => toOutcome(outcome, index, call)) });
    });
  }
}

/** Ids only: the stored copy of this answer is sealed for nobody. */
function toOutcome(outcome: Outcome, index: number, { actor }: Call): CustomerBatchOutcomeDto {
  if ('refused' in outcome) {
    const problem = problemOf(outcome.refused, actor.requestId ?? '');
    return { index, status: problem.status, problem };
  }
  const { id, version } = outcome.customer.current;
  return { index, status: outcome.created ? 201 : 200, data: { id, version } };
}
