import { Module } from '@nestjs/common';
import { Consumers } from '../platform/events/consumers.js';
import { Jobs } from '../platform/jobs/jobs.js';
import { PhoneNumbers } from '../platform/text/phone-numbers.js';
import { Exports } from '../platform/transfer/exports.js';
import { Imports } from '../platform/transfer/imports.js';
import { orderEvents } from '../sales/contract/events.js';
import { CustomerDirectory } from './contract/customer-directory.js';
import { CustomerRegistered, customerEvents } from './contract/events.js';
import { CustomerUpsertsController } from './http/customer-upserts.controller.js';
import { CustomerViewsController } from './http/customer-views.controller.js';
import { CustomersController } from './http/customers.controller.js';
import { TagsController } from './http/tags.controller.js';
import { CustomerBulk } from './persistence/customer-bulk.js';
import { CustomerMapper } from './persistence/customer-mapper.js';
import { CustomerRepository } from './persistence/customer.repository.js';
import { SoughtBy } from './persistence/sought-by.js';
import { WithdrawnCustomers } from './persistence/withdrawn-customers.js';
import { ChangeCustomer } from './use-cases/change-customer.js';
import { DeleteCustomer } from './use-cases/delete-customer.js';
import { DetailsReader } from './use-cases/details-reader.js';
import { EraseCustomer } from './use-cases/erase-customer.js';
import { ExportCustomers } from './use-cases/export-customers.js';
import { ImportCustomers } from './use-cases/import-customers.js';
import { RegisterCustomer } from './use-cases/register-customer.js';
import { SumTagCounts, SumTagCountsJob } from './use-cases/sum-tag-counts.js';
import { TagCustomers } from './use-cases/tag-customers.js';
import { UpsertCustomer } from './use-cases/upsert-customer.js';
import { UpsertCustomers } from './use-cases/upsert-customers.js';
import { CommittedCustomers } from './views/committed-customers.js';
import { CustomerFilters } from './views/customer-filter.js';
import { CustomerListView } from './views/customer-list.view.js';
import { CustomerOverviewView } from './views/customer-overview.view.js';
import { CustomerView } from './views/customer.view.js';
import { ExportedCustomers } from './views/exported-customers.js';
import { FeaturesView } from './views/features.view.js';
import { OpenedCustomers } from './views/opened-customers.js';
import { TagsView } from './views/tags.view.js';
import { TimelineView } from './views/timeline.view.js';

/** Who they are, and all we know of them. */
@Module({
  controllers: [CustomersController, CustomerUpsertsController, TagsController, CustomerViewsController],
  providers: [
    PhoneNumbers, DetailsReader, SoughtBy, CustomerMapper, CustomerRepository, CustomerBulk, WithdrawnCustomers,
    RegisterCustomer, ChangeCustomer, UpsertCustomer, UpsertCustomers, DeleteCustomer, EraseCustomer, TagCustomers, SumTagCounts, ImportCustomers, ExportCustomers,
    OpenedCustomers, CustomerFilters, CustomerView, CustomerListView, CustomerOverviewView, TimelineView, FeaturesView, TagsView, ExportedCustomers,
    { provide: CustomerDirectory, useClass: CommittedCustomers },
  ],
  exports: [CustomerDirectory],
})
export class CustomerModule {
  constructor(
    consumers: Consumers,
    imports: Imports,
    exports: Exports,
    jobs: Jobs,
    timeline: TimelineView,
    features: FeaturesView,
    customersIn: ImportCustomers,
    customersOut: ExportCustomers,
    sumTagCounts: SumTagCounts,
  ) {
    consumers.hear({ name: 'customer.timeline', hears: [...orderEvents, ...customerEvents], handler: timeline });
    consumers.hear({ name: 'customer.features', hears: [...orderEvents, CustomerRegistered], handler: features });
    imports.offer(customersIn);
    exports.offer(customersOut);
    jobs.handle(SumTagCountsJob, sumTagCounts);
    jobs.schedule(SumTagCountsJob, { key: 'customer.sum_tag_counts', cron: '*/5 * * * *', timeZone: 'UTC', payload: {} });
  }
}
