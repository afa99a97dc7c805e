// Chance that can be repeated: the seed is printed, and DELTA_SEED sets it.
export const seed = Number(process.env.DELTA_SEED ?? 20261123);
console.log(`DELTA_SEED=${seed}`);

/** A small generator (mulberry32); each name has a sequence of its own. */
export class Random {
    constructor(name) {
        this.state = [...name].reduce((hash, character) => Math.imul(hash ^ character.charCodeAt(0), 16777619), seed);
    }

    /** Returns a number from 0 up to 1. */
    next() {
        this.state = (this.state + 0x6d2b79f5) | 0;
        let value = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
        value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
        return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
    }

    /** Returns a whole number below `end`. */
    below(end) {
        return Math.floor(this.next() * end);
    }

    pick(list) {
        return list[this.below(list.length)];
    }

    bytes(count) {
        return Buffer.from(Array.from({ length: count }, () => this.below(256)));
    }
}
