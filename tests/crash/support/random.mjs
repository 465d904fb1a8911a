// Numbers that a seed repeats: what is drawn here happens again under the same seed.

export class Random {
  // words: strings and numbers that name this sequence.
  constructor(...words) {
    // FNV-1a over the words; only the spread matters.
    this.state = 2166136261;
    for (const letter of words.join('/')) this.state = Math.imul(this.state ^ letter.charCodeAt(0), 16777619) >>> 0;
  }

  // mulberry32: 0 <= number < 1.
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  // A whole number from low to high, both included.
  between(low, high) { return low + Math.floor(this.next() * (high - low + 1)); }

  pick(list) { return list[Math.floor(this.next() * list.length)]; }

  guid() {
    const hex = Array.from({ length: 32 }, () => Math.floor(this.next() * 16).toString(16)).join('');
    return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
  }
}
