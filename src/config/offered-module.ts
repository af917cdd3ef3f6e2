import { registerHooks } from 'node:module';

/**
 * Makes a module of this program importable under a name from wherever a configured module lies, also where nothing is
 * installed beside it, so that both share one instance. Throws nothing; holds for every import after it.
 */
export function offerModule(name: string, url: string): void {
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === name ? { url, shortCircuit: true } : nextResolve(specifier, context),
  });
}
