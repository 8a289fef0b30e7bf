const IMAGE = /(?<=^(?: +image: |FROM ))(?<name>[\w./-]+:[\w.-]+)(?:@sha256:[0-9a-f]{64})?/gm

/** The images that a compose file or a Dockerfile takes from elsewhere, by name and tag. */
export function imageNames(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(IMAGE), ({ groups }) => groups?.['name'] ?? ''))]
}

/** The same text with each image named by its content, `name:tag@sha256:…`, instead of any it was pinned to before. */
export function pinImages(text: string, digestOf: (name: string) => string): string {
  return text.replaceAll(IMAGE, (_, name: string) => `${name}@${digestOf(name)}`)
}

/** The digest that `docker pull` tells: what the registry answered for this name, whatever else the machine calls the image. */
export function digestOfPull(output: string): string | undefined {
  return /^Digest: (?<digest>sha256:[0-9a-f]{64})$/m.exec(output)?.groups?.['digest']
}
