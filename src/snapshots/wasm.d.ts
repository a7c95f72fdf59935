/** The part of the WebAssembly API used here; TypeScript types it only in its DOM library. */
declare namespace WebAssembly {
  type ModuleImports = Record<string, unknown>;
  function instantiate(bytes: Uint8Array, imports: Record<string, ModuleImports>): Promise<{ instance: { exports: Record<string, unknown> } }>;
}
