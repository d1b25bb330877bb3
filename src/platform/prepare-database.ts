import type { AppConfig } from './config/config.js';
import { appRoleUrl } from './database/app-role.js';
import { verifyDatabase } from './database/durability.js';
import { migrate } from './database/migrations.js';

/**
 * Brings the schema up to date and gives the URL of the lesser role the app runs as.
 * @param ownerUrl of a role that may create schemas and roles.
 * @param password of the lesser role, the same in every process of the installation.
 * @throws DatabaseSetupError with one line for each thing that is not safe, in production; elsewhere they are warnings.
 */
export async function prepareDatabase(config: AppConfig, ownerUrl: string, password: string, warn: (sentence: string) => void): Promise<string> {
  await migrate(ownerUrl);
  const appUrl = config.databaseUrl !== undefined && config.databaseOwnerUrl !== undefined ? config.databaseUrl : await appRoleUrl(ownerUrl, password);
  for (const warning of await verifyDatabase(appUrl, config.environment === 'production')) warn(warning);
  return appUrl;
}
