/** Who wants to hear that a workflow's log has grown or is gone. Keeps nothing of workflows nobody listens to. */
export class LogListeners {
  readonly #byWorkflow = new Map<string, Set<() => void>>();

  /** Call the result to stop listening. */
  add(id: string, listener: () => void): () => void {
    const listeners = this.#byWorkflow.get(id) ?? new Set();
    this.#byWorkflow.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#byWorkflow.get(id) === listeners) this.#byWorkflow.delete(id);
    };
  }

  notify(id: string): void {
    // A copy: a listener may stop listening, or begin again, while it is called.
    for (const listener of [...(this.#byWorkflow.get(id) ?? [])]) listener();
  }
}
