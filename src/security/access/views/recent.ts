/** The values used last, at most `capacity`: a map that forgets what was put in first. */
export class Recent<V> {
  private readonly values = new Map<string, V>();

  constructor(private readonly capacity: number) {}

  get(key: string): V | undefined {
    return this.values.get(key);
  }

  put(key: string, value: V): void {
    this.values.delete(key);
    this.values.set(key, value);
    if (this.values.size > this.capacity) {
      for (const oldest of this.values.keys()) {
        this.values.delete(oldest);
        return;
      }
    }
  }

  forget(key: string): void {
    this.values.delete(key);
  }
}
