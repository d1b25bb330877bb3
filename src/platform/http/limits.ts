/** How much one request may bring; GET /v1/limits answers the same figures. */
export const MAX_BODY_BYTES = 1_048_576;
export const MAX_UPLOAD_BYTES = 52_428_800;
export const MAX_DEPTH = 50;
export const MAX_KEYS = 10_000;
export const MAX_PATH_PART = 500;
