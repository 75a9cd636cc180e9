/** Addresses inside the site, wherever it is served. */

/** `href("glossary/")` → "/course/glossary/" under BASE=/course/. */
export function href(path: string): string {
  return `${import.meta.env.BASE_URL.replace(/\/$/, "")}/${path.replace(/^\//, "")}`;
}

/** Whether `path` (from the outline) is the page being shown. */
export function isCurrent(path: string | undefined, pathname: string): boolean {
  return path !== undefined && pathname.replace(/\/?$/, "/") === href(path);
}
