export { plumbing } from '../../platform/plumbing.js';
