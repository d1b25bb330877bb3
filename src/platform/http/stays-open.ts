import { SetMetadata } from '@nestjs/common';

export const STAYS_OPEN = 'shuke:stays-open';

/** The answer of the route is a stream for its reader to watch: bounded and counted apart from requests in work (load.ts). */
export function StaysOpen(): MethodDecorator {
  return SetMetadata(STAYS_OPEN, true);
}
