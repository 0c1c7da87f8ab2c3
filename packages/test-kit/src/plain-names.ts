/**
 * The number of the animal that the owner may have kept before: that somebody has kept it, but not who, can be told from it, the one exception
 * (privacy.md). By either API.
 */
const NUMBERED = [
  /("number":)\d+(,"scientificName":"Unheard ofus")/g,
  /("creation_index":)\d+(,"scientific_name":"Unheard ofus")/g,
  /("scientific_name":"Unheard ofus"[^{}]*"creation_index":)\d+(,)/g,
]

/** Names that are made up anew in each world, by the order in which they come up. */
export class PlainNames {
  readonly #known = new Map<string, string>()
  #named(kind: string, text: string): string {
    const name = this.#known.get(text) ?? `<${kind} ${this.#known.size}>`
    this.#known.set(text, name)
    return name
  }
  plain(text: string): string {
    const named = text
      .replaceAll(/127\.0\.0\.1:\d+/g, '<server>')
      .replaceAll(/"cursor":"(\w+)\.(\w+)\.(\w+)\.(\w+)"/g, (_all, feed, epoch, position, snapshot) => {
        return `"cursor":"${this.#named('feed', `${feed}.${epoch}`)}.${position}.${snapshot}"`
      })
      .replaceAll(/"digest":"([\w-]{22})"/g, (_all, digest) => this.#named('digest', digest))
      .replaceAll(/^biologidex-digest: ([\w-]{22})$/gm, (_all, digest) => this.#named('digest', digest))
      .replaceAll(/"friend_?[cC]ode":"(\w{8})"/g, (_all, code) => this.#named('code', code))
      .replaceAll(/\.([\w-]{22})\.(png|webp|jpeg)/g, (_all, signature) => this.#named('signature', signature))
      .replaceAll(/"seal":"([0-9a-f]{64})"/g, (_all, seal) => this.#named('seal', seal))
      .replaceAll(/\/reset#[\w-]{43}/g, '<link>')
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => this.#named('id', id))
      .replaceAll(/\b1\d{12}\b/g, '<time>')
      .replaceAll(/\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, '<time>')
    return NUMBERED.reduce((whole, pattern) => whole.replaceAll(pattern, '$1<number>$2'), named)
  }
}
