export { wiring } from '../../../sales/sales.module.js';
