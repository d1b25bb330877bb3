import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';

export const READS_VIEWS = 'shuke:reads-views';

/** The route answers from views that these consumers fill; with `Wait-For-Event` it waits until they have applied that event. */
export function ReadsViews(...consumers: readonly [string, ...string[]]): MethodDecorator {
  return applyDecorators(
    SetMetadata(READS_VIEWS, consumers),
    ApiHeader({
      name: 'Wait-For-Event',
      required: false,
      description:
        'The `Event-Id` a write gave you. The answer then includes its effect: it waits up to 2 s for it, and says 503 with Retry-After if that was not enough.',
      schema: { type: 'string', format: 'uuid' },
    }),
  );
}
