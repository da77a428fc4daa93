/**
 * Entities of one kind by id, and in order: lists are asked for more often than entities change.
 * @module
 */

/** A map that keeps its values sorted by id until one of them changes. */
export class EntityTable<Entity> extends Map<string, Entity> {
  #sorted: readonly Entity[] | undefined;

  override set(id: string, entity: Entity): this {
    this.#sorted = undefined;
    return super.set(id, entity);
  }

  override delete(id: string): boolean {
    this.#sorted = undefined;
    return super.delete(id);
  }

  override clear(): void {
    this.#sorted = undefined;
    super.clear();
  }

  sorted(): readonly Entity[] {
    this.#sorted ??= [...this].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entity]) => entity);
    return this.#sorted;
  }
}
