export { register } from '../use-cases/register.js';
