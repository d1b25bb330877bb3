export { table } from '../persistence/customer.table.js';
