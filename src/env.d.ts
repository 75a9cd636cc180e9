/// <reference types="astro/client" />
/** Starlight's overridable components, which it provides as virtual modules without types. */
declare module "virtual:starlight/components/*" {
  const component: (props: Record<string, unknown>) => unknown;
  export default component;
}
