// Reads the files of the journal, as gateway/ledger writes them (journal_segment.cpp, call_record.cpp), and believes
// nothing: every checksum is worked out anew.
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

const headerBytes = 64;
const recordHeaderBytes = 12;
const maxPayloadBytes = 4096;
const newestFormat = 2; // Since then calls have organisations and tags.
const zeros = Buffer.alloc(1 << 20);
const types = [undefined, 'open', 'progress', 'settle', 'void'];
const texts = ['requestId', 'clientRequestId', 'operation', 'keyId', 'userId', 'teamId', 'endUser', 'model',
    'deploymentId', 'provider', 'upstreamModel'];
const times = ['startedAt', 'latency', 'timeToFirst', 'upstreamLatency'];
const usages = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens',
    'audioInputTokens', 'audioOutputTokens', 'images'];
const ends = ['usageSource', 'cost', 'isPriced', 'isStream', 'outcome', 'status'];

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; ++bit) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
});

/** CRC-32C of RFC 3720; begin with zero. */
export function crc32c(crc, bytes) {
    let value = ~crc;
    for (const byte of bytes) value = table[(value ^ byte) & 0xff] ^ (value >>> 8);
    return ~value >>> 0;
}

class Payload {
    constructor(bytes) {
        this.bytes = bytes;
        this.at = 0;
    }

    unsigned() {
        let value = 0n;
        for (let shift = 0n; ; shift += 7n) {
            if (this.at >= this.bytes.length) throw new Error('a payload ends too early');
            const byte = this.bytes[this.at++];
            value |= BigInt(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
    }

    number() {
        const value = this.unsigned();
        return (value >> 1n) ^ -(value & 1n);
    }

    text() {
        const size = Number(this.unsigned());
        this.at += size;
        if (this.at > this.bytes.length) throw new Error('a payload ends too early');
        return this.bytes.toString('utf8', this.at - size, this.at);
    }

    entry(format) {
        const entry = {};
        for (const name of texts) entry[name] = this.text();
        for (const name of [...times, ...usages, ...ends]) entry[name] = this.number();
        entry.errorCode = this.text();
        if (format >= 2) for (const name of ['organizationId', 'tags']) entry[name] = this.text();
        return entry;
    }
}

function read(type, bytes, format) {
    const payload = new Payload(bytes);
    const record = { type };
    if (type !== 'open') record.open = payload.unsigned();
    if (type === 'open' || type === 'settle') record.entry = payload.entry(format);
    if (type === 'progress') {
        for (const name of [...usages, 'cost']) record[name] = payload.number();
    }
    const rest = bytes.length - payload.at;
    if (rest !== 0) throw new Error(`a ${type} record has ${rest} bytes too many`);
    return record;
}

/** One file, read as far as it is written. */
class Segment {
    constructor(path) {
        this.file = openSync(path, 'r');
        this.size = fstatSync(this.file).size;
    }

    close() {
        closeSync(this.file);
    }

    bytes(at, count) {
        const bytes = Buffer.alloc(count);
        readSync(this.file, bytes, 0, count, at);
        return bytes;
    }

    /** Behind the last record there is nothing, or one that its writer was killed within. */
    checkRest(end) {
        const step = 1 << 20;
        for (let at = end + recordHeaderBytes + maxPayloadBytes; at < this.size; at += step) {
            const bytes = this.bytes(at, Math.min(step, this.size - at));
            if (!bytes.equals(zeros.subarray(0, bytes.length))) throw new Error(`has bytes behind its end at ${end}`);
        }
    }

    /** Yields the records, each with its `offset` in the journal. Throws at what is not whole. */
    *records() {
        const header = this.bytes(0, headerBytes);
        if (header.toString('latin1', 0, 8) !== 'DELTAJRN') throw new Error('is no file of the journal');
        const format = header.readUInt32LE(8);
        if (format < 1 || format > newestFormat) throw new Error(`has the format ${format}`);
        if (crc32c(0, header.subarray(0, 24)) !== header.readUInt32LE(24)) throw new Error('has a damaged head');
        const base = header.readBigUInt64LE(16);
        for (let at = headerBytes; at + recordHeaderBytes <= this.size;) {
            const bytes = this.bytes(at, Math.min(recordHeaderBytes + maxPayloadBytes, this.size - at));
            const length = bytes.readUInt32LE(0);
            if (length === 0) {
                this.checkRest(at);
                return;
            }
            const offset = base + BigInt(at);
            const type = types[bytes[4]];
            const payload = bytes.subarray(recordHeaderBytes, recordHeaderBytes + length);
            if (payload.length !== length || type === undefined) throw new Error(`has no record at ${offset}`);
            const place = Buffer.alloc(8);
            place.writeBigUInt64LE(offset);
            const crc = crc32c(crc32c(crc32c(0, bytes.subarray(0, 8)), payload), place);
            if (crc !== bytes.readUInt32LE(8)) throw new Error(`has a damaged record at ${offset}`);
            yield { offset, ...read(type, payload, format) };
            at += (recordHeaderBytes + length + 7) & ~7;
        }
    }
}

/**
 * Reads all records of a folder, in order. `problems` takes what cannot be read: also of what the gateway set aside as
 * damaged, which holds no records any more that are not in the database, and often only ends in an unfinished one.
 */
export function readJournal(folder, problems) {
    const records = [];
    for (const name of readdirSync(folder).sort()) {
        if (!/\.(journal|damaged)$/.test(name)) continue;
        const segment = new Segment(join(folder, name));
        try {
            const found = [...segment.records()];
            if (name.endsWith('.journal')) records.push(...found);
        } catch (error) {
            problems.push(`${name} ${error.message}`);
        } finally {
            segment.close();
        }
    }
    return records;
}
