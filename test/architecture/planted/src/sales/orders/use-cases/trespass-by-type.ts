import type { Customer } from '../../../customer/domain/customer.js'; export type Buyer = Customer;
