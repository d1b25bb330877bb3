import { Body, Controller, Delete, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Id } from '../../kernel/id.js';
import { RequirePermission } from '../../platform/http/access.js';
import { Creates, Gives, GivesNothing, Problems } from '../../platform/http/answers.js';
import { CurrentCall, IfMatch, type Call } from '../../platform/http/call.js';
import { Commands } from '../../platform/http/commands.js';
import { PathId } from '../../platform/http/path-id.js';
import { created, noContent, ok } from '../../platform/http/reply.js';
import { CUSTOMER_DELETE, CUSTOMER_ERASE, CUSTOMER_WRITE } from '../contract/permissions.js';
import { ChangeCustomer } from '../use-cases/change-customer.js';
import { DeleteCustomer } from '../use-cases/delete-customer.js';
import { EraseCustomer } from '../use-cases/erase-customer.js';
import { RegisterCustomer } from '../use-cases/register-customer.js';
import { ChangeCustomerDto, CreateCustomerDto, toCustomerInput } from './customer-input.dto.js';
import { CustomerDto } from './customer.dto.js';
import { factsOf, placeOf, present } from './present.js';

/** One customer's life, from registration to erasure. */
@ApiTags('customer')
@Controller('v1/customers')
export class CustomersController {
  constructor(
    private readonly commands: Commands,
    private readonly registerCustomer: RegisterCustomer,
    private readonly changeCustomer: ChangeCustomer,
    private readonly deleteCustomer: DeleteCustomer,
    private readonly eraseCustomer: EraseCustomer,
  ) {}

  @Post()
  @RequirePermission(CUSTOMER_WRITE)
  @ApiOperation({ operationId: 'createCustomer', summary: 'Register a customer', description: 'A phone, e-mail address or external id that another customer has is refused with 409 `duplicate_customer`, which names them in `customerId`.' })
  @Creates(CustomerDto)
  create(@CurrentCall() call: Call, @Body() body: CreateCustomerDto) {
    return this.commands.run(call, async (tx) => {
      const customer = await this.registerCustomer.run(tx, toCustomerInput(body));
      return created(present(customer, tx.startedAt), { location: placeOf(customer.id), ...factsOf(customer) });
    });
  }

  @Patch(':id')
  @RequirePermission(CUSTOMER_WRITE)
  @ApiOperation({ operationId: 'updateCustomer', summary: 'Change what is known of a customer' })
  @Gives(CustomerDto)
  @Problems(404, 410)
  update(@CurrentCall() call: Call, @PathId() id: Id, @IfMatch() version: number, @Body() body: ChangeCustomerDto) {
    return this.commands.run(call, async (tx) => {
      const customer = await this.changeCustomer.run(tx, id, version, body);
      return ok(present(customer, tx.startedAt), factsOf(customer));
    });
  }

  @Delete(':id')
  @RequirePermission(CUSTOMER_DELETE)
  @ApiOperation({
    operationId: 'deleteCustomer',
    summary: 'Put a customer away',
    description: 'The record stays readable by its id with the status `deleted`, and in lists that ask for it. Phones and e-mail addresses are free for others; external ids are not.',
  })
  @GivesNothing({ description: 'Deleted.' })
  @Problems(404, 410)
  delete(@CurrentCall() call: Call, @PathId() id: Id, @IfMatch() version: number) {
    return this.commands.run(call, async (tx) => {
      await this.deleteCustomer.run(tx, id, version);
      return noContent();
    });
  }

  @Post(':id/erase')
  @RequirePermission(CUSTOMER_ERASE)
  @ApiOperation({
    operationId: 'eraseCustomer',
    summary: 'Forget a person for good',
    description: 'Destroys the key that opens their data, everywhere and in backups, and everything they can be found by. The figures of their orders stay. Cannot be undone; the id answers 410 from then on.',
  })
  @GivesNothing({ description: 'Erased.' })
  @Problems(404, 410)
  erase(@CurrentCall() call: Call, @PathId() id: Id) {
    return this.commands.run(call, async (tx) => {
      await this.eraseCustomer.run(tx, id);
      return noContent();
    });
  }
}
