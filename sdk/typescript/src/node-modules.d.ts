// What `node.ts` takes of Node. Its own types would let all of the client use what a browser has not.
declare module 'node:fs' {
  export function openAsBlob(path: string): Promise<Blob>;
}

declare module 'node:path' {
  export function basename(path: string): string;
}
