import type { AddCommand } from './command.js';
import { addCall } from './commands/call.js';
import { addCustomers } from './commands/customers.js';
import { addEvents } from './commands/events.js';
import { addExport } from './commands/export.js';
import { addExports } from './commands/exports.js';
import { addImport } from './commands/import-file.js';
import { addImports } from './commands/imports.js';
import { addOperations } from './commands/operations.js';
import { addOrders } from './commands/orders.js';
import { addSignIn } from './commands/sign-in.js';
import { addSignOut } from './commands/sign-out.js';
import { addWhoami } from './commands/whoami.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly AddCommand[] = [addSignIn, addSignOut, addWhoami, addImport, addImports, addExport, addExports, addOperations, addEvents, addCustomers, addOrders, addCall];
