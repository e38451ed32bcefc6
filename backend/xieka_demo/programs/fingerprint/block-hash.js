/** What SHA-256 and SM3 have in common: blocks of 64 bytes, eight words of state, the length at the end. */
class BlockHash {
  /**
   * @param {number[]} iv
   * @param {number} words room for the expanded block
   */
  constructor(iv, words) {
    this.state = Int32Array.from(iv);
    this.block = new Uint8Array(64);
    this.filled = 0;
    this.length = 0;
    this.words = new Int32Array(words);
  }

  /** Any number of times. @param {Uint8Array} data */
  update(data) {
    this.length += data.length;
    let at = 0;
    while (at < data.length) {
      const take = Math.min(64 - this.filled, data.length - at);
      this.block.set(data.subarray(at, at + take), this.filled);
      this.filled += take;
      at += take;
      if (this.filled === 64) this.next();
    }
  }

  /** Once. @returns {string} lower-case hex */
  digest() {
    const bits = BigInt(this.length) * 8n;
    this.block[this.filled++] = 0x80;
    if (this.filled > 56) {
      this.block.fill(0, this.filled);
      this.next();
    }
    this.block.fill(0, this.filled, 56);
    new DataView(this.block.buffer).setBigUint64(56, bits);
    this.next();
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  next() {
    this.compress();
    this.filled = 0;
  }

  /** Takes the full block into the state. */
  compress() {
    throw new Error("of a hash");
  }
}
