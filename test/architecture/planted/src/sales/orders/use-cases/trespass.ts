export { table } from '../../../customer/persistence/customer.table.js';
