import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { Plugin } from 'rolldown'

/**
 * Libraries that are loaded from where they are installed: they look for files of their own beside them,
 * or are loaded only where they are wished for and are larger than all the rest.
 */
const notBundled = /^(?:@bull-board\/|@opentelemetry\/(?!api$))/

/** How a module asks where it stands. */
const ownPlace = /\b(?:import\.meta\.url|import\.meta\.dirname|__filename|__dirname)\b/

/** A module that is bundled finds what lies beside its source, as if it still stood there. */
export const stayInPlace: Plugin = {
  name: 'stay-in-place',
  resolveId: {
    filter: { id: notBundled },
    async handler(name, importer, options) {
      const resolved = await this.resolve(name, importer, { ...options, skipSelf: true })
      return resolved && { id: resolved.id, external: 'absolute' }
    },
  },
  transform: {
    filter: { code: ownPlace },
    handler(code, id) {
      const places: Record<string, string> = {
        'import.meta.url': pathToFileURL(id).href,
        'import.meta.dirname': dirname(id),
        __filename: id,
        __dirname: dirname(id),
      }
      return code.replaceAll(new RegExp(ownPlace, 'g'), (place) => JSON.stringify(places[place]))
    },
  },
}
