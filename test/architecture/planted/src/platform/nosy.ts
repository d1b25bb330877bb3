export type { Customer } from '../customer/domain/customer.js';
